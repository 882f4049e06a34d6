using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>One request and the place for its answer.</summary>
public sealed record VendorExchange(VendorWire Wire, HttpContext Context, VendorRequest Request, CancellationToken Stopping)
{
    internal bool Streamed => Wire.WantsStream(Request);

    internal async Task SendAsync(int status, string contentType, string body)
    {
        Context.Response.StatusCode = status;
        Context.Response.ContentType = contentType;
        await Context.Response.WriteAsync(body);
    }

    internal async Task SendFrameAsync(string frame)
    {
        if (!Context.Response.HasStarted)
        {
            Context.Response.ContentType = Wire.StreamType;
        }

        await Context.Response.WriteAsync(frame, Context.RequestAborted);
        await Context.Response.Body.FlushAsync(Context.RequestAborted);
    }

    /// <summary>Never returns by itself.</summary>
    internal async Task HangAsync()
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Stopping, Context.RequestAborted);
        await Task.Delay(Timeout.Infinite, either.Token);
    }
}

/// <summary>How a fake vendor answers one request.</summary>
public delegate Task VendorTurn(VendorExchange exchange);

/// <summary>The ways in which fake vendors answer, well and badly.</summary>
public static class VendorTurns
{
    /// <summary>Vectors of the request's texts.</summary>
    public static VendorTurn Embeddings { get; } = exchange => exchange.SendAsync(200, "application/json", exchange.Wire.Embeddings(exchange.Request));

    /// <summary>Takes the request and says nothing.</summary>
    public static VendorTurn HangBeforeFirstByte { get; } = exchange => exchange.HangAsync();

    /// <summary>Half a JSON object.</summary>
    public static VendorTurn InvalidJson { get; } = exchange => exchange.Streamed
        ? exchange.SendFrameAsync(exchange.Wire.Broken(streamed: true))
        : exchange.SendAsync(200, "application/json", exchange.Wire.Broken(streamed: false));

    /// <summary>An answer without a choice.</summary>
    public static VendorTurn EmptyChoices { get; } = exchange => exchange.Streamed
        ? exchange.SendFrameAsync(exchange.Wire.Empty(streamed: true))
        : exchange.SendAsync(200, "application/json", exchange.Wire.Empty(streamed: false));

    /// <summary>The vendor declines to answer.</summary>
    public static VendorTurn Refuse { get; } = exchange =>
    {
        var (status, body) = exchange.Wire.Refusal(exchange.Streamed);
        return exchange.SendAsync(status, status == 200 && exchange.Streamed ? exchange.Wire.StreamType : "application/json", body);
    };

    /// <summary>A text, streamed when the request says so.</summary>
    public static VendorTurn Text(string text) => Answer(new FakeAnswer { Text = text });

    /// <summary>Tool calls, all in one answer.</summary>
    public static VendorTurn ToolCalls(int pieces, params IReadOnlyList<FakeToolCall> calls) =>
        Answer(new FakeAnswer { ToolCalls = calls, FinishReason = "tool_calls", Pieces = pieces });

    /// <summary>Anything that a model can say.</summary>
    public static VendorTurn Answer(FakeAnswer answer) => async exchange =>
    {
        if (exchange.Streamed)
        {
            await FramesAsync(exchange, answer, int.MaxValue);
        }
        else
        {
            await exchange.SendAsync(200, "application/json", exchange.Wire.Whole(exchange.Request, answer));
        }
    };

    /// <summary>An error as the vendor documents it.</summary>
    public static VendorTurn Fail(VendorError error, int? retryAfterSeconds = null) => exchange =>
    {
        if (retryAfterSeconds is { } seconds)
        {
            exchange.Context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var (status, body) = exchange.Wire.Error(error);
        return exchange.SendAsync(status, "application/json", body);
    };

    /// <summary>The answer with members that nobody knows, in every object of it.</summary>
    public static VendorTurn UnknownFields(FakeAnswer answer) => async exchange =>
    {
        if (!exchange.Streamed)
        {
            await exchange.SendAsync(200, "application/json", Strange(exchange.Wire.Whole(exchange.Request, answer)));
            return;
        }

        foreach (var frame in exchange.Wire.Frames(exchange.Request, answer))
        {
            var (start, end) = (frame.IndexOf('{', StringComparison.Ordinal), frame.LastIndexOf('}'));
            await exchange.SendFrameAsync(start < 0 ? frame : frame[..start] + Strange(frame[start..(end + 1)]) + frame[(end + 1)..]);
        }
    };

    /// <summary>Streams some frames, then nothing.</summary>
    public static VendorTurn HangAfter(int frames, string text) => async exchange =>
    {
        await FramesAsync(exchange, new FakeAnswer { Text = text }, frames);
        await exchange.HangAsync();
    };

    /// <summary>Streams some frames, then closes the connection in the middle of the body.</summary>
    public static VendorTurn CutOffAfter(int frames, string text) => async exchange =>
    {
        // A body that is shorter than announced: unlike an abort it lets everything arrive that was sent before.
        exchange.Context.Response.ContentLength = 1_000_000;
        await FramesAsync(exchange, new FakeAnswer { Text = text }, frames);
    };

    /// <summary>Streams some frames, then ends the response as if all were well.</summary>
    public static VendorTurn EndAfter(int frames, string text) => exchange => FramesAsync(exchange, new FakeAnswer { Text = text }, frames);

    /// <summary>Streams some frames, then an error.</summary>
    public static VendorTurn FailAfter(int frames, string text) => async exchange =>
    {
        await FramesAsync(exchange, new FakeAnswer { Text = text }, frames);
        await exchange.SendFrameAsync(exchange.Wire.ErrorFrame!);
    };

    private static async Task FramesAsync(VendorExchange exchange, FakeAnswer answer, int frames)
    {
        foreach (var frame in exchange.Wire.Frames(exchange.Request, answer).Take(frames))
        {
            await exchange.SendFrameAsync(frame);
        }
    }

    private static string Strange(string json)
    {
        var node = JsonNode.Parse(json)!;
        Add(node);
        return node.ToJsonString();

        static void Add(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                foreach (var (name, member) in members.ToList())
                {
                    // What a model or a schema says is not the vendor's to extend.
                    if (name is not ("args" or "arguments" or "input"))
                    {
                        Add(member);
                    }
                }

                members["x_unknown"] = new JsonObject { ["a"] = new JsonArray(1, "two", null) };
            }
            else if (node is JsonArray items)
            {
                foreach (var item in items)
                {
                    Add(item);
                }
            }
        }
    }
}
