using System.Net.Sockets;
using System.Text;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests.OpenAi;

/// <summary>Clients that stop reading, or go away.</summary>
public sealed class SlowClientTests
{
    private const string Body = """{"model":"default","stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task A_client_that_stops_reading_stops_the_upstream_too()
    {
        var written = 0L;
        await using var edge = await EdgeHost.StartAsync();
        // An upstream without an end: what it can write before it must wait is what lies between it and the client, mostly in the system's
        // buffers. The pieces are small, so that the most that a model may say is not reached before.
        edge.Upstream.Otherwise = async exchange =>
        {
            exchange.Response.ContentType = "text/event-stream";
            var chunk = Encoding.UTF8.GetBytes($$$"""data: {"id":"x","model":"m","choices":[{"index":0,"delta":{"content":"{{{new string('x', 10)}}}"},"finish_reason":null}]}""" + "\n\n");
            while (!exchange.Context.RequestAborted.IsCancellationRequested)
            {
                await exchange.Response.Body.WriteAsync(chunk, exchange.Context.RequestAborted);
                Interlocked.Add(ref written, chunk.Length);
            }
        };
        using var client = await ConnectAsync(edge);
        var before = await SettleAsync(() => Interlocked.Read(ref written));
        edge.Upstream.Requests[0].Aborted.IsCompleted.ShouldBeFalse("the call is to wait, not to end");
        before.ShouldBeLessThan(16_000_000);

        client.Close();
        await edge.Upstream.Requests[0].Aborted.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_that_goes_away_before_the_first_token_cancels_the_upstream_call()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Otherwise = Replies.HangBeforeFirstByte();
        foreach (var body in new[] { Body, Body.Replace("true", "false", StringComparison.Ordinal) })
        {
            var known = edge.Upstream.Requests.Count;
            using var client = await ConnectAsync(edge, body);
            await Eventually.HoldsAsync(() => edge.Upstream.Requests.Count > known, "the request to arrive");
            client.Close();
            await edge.Upstream.Requests[^1].Aborted.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<TcpClient> ConnectAsync(EdgeHost edge, string body = Body)
    {
        var client = new TcpClient { ReceiveBufferSize = 8 * 1024 };
        await client.ConnectAsync("127.0.0.1", edge.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        return client;
    }

    /// <summary>The number when it has not changed for a while, and is not zero.</summary>
    private static async Task<long> SettleAsync(Func<long> number)
    {
        var (last, since) = (0L, TimeProvider.System.GetTimestamp());
        await Eventually.HoldsAsync(
            () =>
            {
                var now = number();
                if (now != last)
                {
                    (last, since) = (now, TimeProvider.System.GetTimestamp());
                }

                return last > 0 && TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(3);
            },
            "the upstream to wait");
        return last;
    }
}
