using Grpc.Core;
using Grpc.Net.Client;
using Grpc.StandIn.Tests.Probe;

namespace Grpc.StandIn.Tests;

/// <summary>What the client does with any server that behaves as <c>probe.proto</c> says.</summary>
public abstract partial class ClientSuite(string address, string gzipAddress) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address);

    private Probe.ProbeService.ProbeServiceClient Client => new(_channel);

    public void Dispose()
    {
        _channel.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_unary_call_is_answered()
    {
        (await Client.UnaryAsync(new ProbeRequest { Text = "hello" })).Text.ShouldBe("hello");
        Client.Unary(new ProbeRequest { Text = "hello" }).Text.ShouldBe("hello");
        using var call = Client.UnaryAsync(new ProbeRequest());
        await call;
        call.GetStatus().ShouldBe(Status.DefaultSuccess);
        call.GetTrailers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_of_responses_arrives_in_order()
    {
        using var call = Client.ServerStream(new ProbeRequest { Count = 3000, Text = "m" });
        var indexes = new List<int>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            indexes.Add(response.Index);
        }

        indexes.ShouldBe(Enumerable.Range(0, 3000));
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task A_stream_of_requests_is_answered()
    {
        using var call = Client.ClientStream();
        for (var i = 0; i < 500; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = "x" });
        }

        await call.RequestStream.CompleteAsync();
        (await call).Index.ShouldBe(500);
        await Should.ThrowAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new ProbeRequest()));
    }

    [Fact]
    public async Task Both_streams_flow_at_the_same_time()
    {
        using var call = Client.Duplex();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = $"t{i}" });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.Text.ShouldBe($"t{i}");
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [Fact]
    public async Task Half_closing_before_the_first_request_ends_the_call_well()
    {
        using var call = Client.Duplex();
        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Metadata_goes_both_ways()
    {
        var headers = new Metadata { { "X-Text", "some text; with, signs" } };
        for (var length = 0; length < 5; length++)
        {
            headers.Add("x-some-bin", [.. Enumerable.Repeat((byte)254, length)]);
        }

        using var call = Client.UnaryAsync(new ProbeRequest { EchoMetadata = true }, headers);
        var responseHeaders = await call.ResponseHeadersAsync;
        await call;
        foreach (var got in new[] { responseHeaders, call.GetTrailers() })
        {
            got.GetValue("x-text").ShouldBe("some text; with, signs");
            got.GetAll("x-some-bin").Select(entry => entry.ValueBytes.Length).ShouldBe([0, 1, 2, 3, 4]);
            got.Get("x-some-bin")!.ValueBytes.ShouldAllBe(b => b == 254);
        }
    }

    [Fact]
    public async Task A_thousand_streams_are_open_at_the_same_time()
    {
        var calls = Enumerable.Range(0, 1000).Select(_ => Client.Duplex()).ToList();
        await Task.WhenAll(calls.Select((call, i) => call.RequestStream.WriteAsync(new ProbeRequest { Text = $"s{i}" })));
        var answered = await Task.WhenAll(calls.Select(call => call.ResponseStream.MoveNext()));
        answered.ShouldAllBe(got => got);
        calls.Select(call => call.ResponseStream.Current.Text).ShouldBe(Enumerable.Range(0, 1000).Select(i => $"s{i}"));
        await Task.WhenAll(calls.Select(call => call.RequestStream.CompleteAsync()));
        var more = await Task.WhenAll(calls.Select(call => call.ResponseStream.MoveNext()));
        more.ShouldAllBe(got => !got);
        calls.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task Messages_are_compressed_both_ways_when_asked_for()
    {
        using var channel = GrpcChannel.ForAddress(gzipAddress);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        var text = string.Concat(Enumerable.Repeat("abc", 10_000));
        var gzip = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        (await client.UnaryAsync(new ProbeRequest { Text = text }, gzip)).Text.ShouldBe(text);
        using var call = client.ServerStream(new ProbeRequest { Text = text, Count = 5 }, gzip);
        (await call.ResponseStream.ReadAllAsync().CountAsync()).ShouldBe(5);
        var plain = new CallOptions(gzip, writeOptions: new WriteOptions(WriteFlags.NoCompress));
        (await client.UnaryAsync(new ProbeRequest { Text = text }, plain)).Text.ShouldBe(text);
    }

    [Fact]
    public async Task A_slow_reader_holds_the_server_back()
    {
        var probe = Guid.NewGuid().ToString();
        using var call = Client.ServerStream(new ProbeRequest { Count = 100_000, ResponseSize = 16_384, Probe = probe });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var before = "";
        var steady = 0;
        await Eventually.HoldsAsync(async () =>
        {
            var note = await NoteAsync(probe);
            steady = note == before && note.Length > 0 ? steady + 1 : 0;
            before = note;
            return steady >= 20;
        });
        int.Parse(before["written ".Length..]).ShouldBeLessThan(2000);
    }

    private async Task<string> NoteAsync(string probe) => (await Client.UnaryAsync(new ProbeRequest { Ask = probe })).Text;
}
