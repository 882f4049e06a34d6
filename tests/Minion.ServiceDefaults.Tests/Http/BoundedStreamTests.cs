using System.Text;
using Minion.ServiceDefaults.Http;

namespace Minion.ServiceDefaults.Tests.Http;

public sealed class BoundedStreamTests
{
    [Theory]
    [InlineData("0123456789", false, false)]
    [InlineData("0123456789a", false, true)]
    [InlineData("\n\n\n\n\n\n\n\n\n\n\n", false, true)]
    [InlineData("data: 12\n\ndata: 12\n\ndata: 12\n\n", true, false)]
    [InlineData("data: 1\r\n\r\ndata: 1\r\n\r\ndata: 1\r\n\r\n", true, false)]
    [InlineData("data: 12\r\rdata: 12\r\rdata: 12\r\r", true, false)]
    [InlineData("data: 12\n\n: 123456789", true, true)]
    [InlineData("a\r\nb\r\nc\r\nd\r\ne\r\nf\r\n", true, true)]
    [InlineData("a\nb\nc\nd\ne\nf\n", true, true)]
    [InlineData("a\rb\rc\rd\re\rf\r", true, true)]
    public async Task The_body_or_each_event_has_a_limit_however_it_is_cut(string body, bool events, bool tooLong)
    {
        foreach (var piece in new[] { 1, 2, 3, 100 })
        {
            using var stream = new BoundedStream(new MemoryStream(Encoding.ASCII.GetBytes(body)), 10, () => new IOException("too long"), events);
            using var read = new StreamReader(new Pieces(stream, piece));

            var reading = read.ReadToEndAsync(TestContext.Current.CancellationToken);

            if (tooLong)
            {
                (await Should.ThrowAsync<IOException>(reading)).Message.ShouldBe("too long");
            }
            else
            {
                (await reading).ShouldBe(body);
            }
        }
    }

    /// <summary>Reads no more than so many bytes at a time.</summary>
    private sealed class Pieces(Stream inner, int size) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
