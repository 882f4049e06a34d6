using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.StandIn.Tests;

public sealed class WireTests
{
    [Theory]
    [InlineData(0, "1u")]
    [InlineData(1, "1000u")]
    [InlineData(99_999, "99999000u")]
    [InlineData(100_000, "100000m")]
    [InlineData(99_999_999L, "99999999m")]
    [InlineData(100_000_000L, "100000S")]
    [InlineData(100_000_000_000L, "1666666M")]
    public void Timeouts_have_at_most_eight_digits(long milliseconds, string text) =>
        TimeoutFormat.Encode(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Theory]
    [InlineData("1u", 10)]
    [InlineData("250m", 2_500_000)]
    [InlineData("2S", 20_000_000)]
    [InlineData("1M", 600_000_000)]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("200n", 2)]
    public void Timeouts_are_read(string text, long ticks)
    {
        TimeoutFormat.TryDecode(text, out var timeout).ShouldBeTrue();
        timeout.Ticks.ShouldBe(ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("1x")]
    [InlineData("123456789S")]
    [InlineData(" 1S")]
    public void What_is_no_timeout_is_refused(string text) => TimeoutFormat.TryDecode(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("ö\n", "%C3%B6%0A")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void Sentences_are_percent_encoded(string text, string encoded)
    {
        PercentEncoding.Encode(text).ShouldBe(encoded);
        PercentEncoding.Decode(encoded).ShouldBe(text);
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("a%41", "aA")]
    public void Decoding_never_fails(string encoded, string text) => PercentEncoding.Decode(encoded).ShouldBe(text);

    [Fact]
    public void Gzip_unpacks_what_it_packed_and_stops_at_the_limit()
    {
        var bytes = new byte[100_000];
        new Random(1).NextBytes(bytes.AsSpan(0, 50_000));
        using var packed = new PooledBuffer(16);
        Gzip.Compress(bytes, packed, CompressionLevel.Fastest);
        var source = new ReadOnlySequence<byte>(packed.Written);
        using var unpacked = Gzip.Decompress(source, bytes.Length);
        unpacked.Written.ToArray().ShouldBe(bytes);
        Should.Throw<RpcException>(() => Gzip.Decompress(source, bytes.Length - 1)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public void Metadata_keys_are_lower_case_and_say_what_their_values_are()
    {
        var metadata = new Metadata { { "X-A", "1" }, { "x-a", "2" }, { "x-b-bin", [1] } };
        metadata.GetValue("X-a").ShouldBe("2");
        metadata.GetAll("x-A").Select(entry => entry.Value).ShouldBe(["1", "2"]);
        metadata.GetValueBytes("x-b-bin").ShouldBe([1]);
        Should.Throw<ArgumentException>(() => new Metadata.Entry("x-bin", "text"));
        Should.Throw<ArgumentException>(() => new Metadata.Entry("x", [1]));
        Should.Throw<ArgumentException>(() => new Metadata.Entry("x y", "text"));
        Should.Throw<InvalidOperationException>(() => metadata.Get("x-b-bin")!.Value);
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
    }
}
