using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Minion.Testing.OpenAi;

/// <summary>The ways in which the fake endpoint answers, well and badly.</summary>
public static class Replies
{
    /// <summary>A text, streamed when the request says so.</summary>
    public static Reply Text(string text) => Answer(new FakeAnswer { Text = text });

    /// <summary>Tool calls, all in one answer; the arguments come in <paramref name="pieces"/> when streamed.</summary>
    public static Reply ToolCalls(int pieces, params IReadOnlyList<FakeToolCall> calls) =>
        Answer(new FakeAnswer { ToolCalls = calls, FinishReason = "tool_calls", Pieces = pieces });

    /// <summary>Anything that a model can say.</summary>
    public static Reply Answer(FakeAnswer answer) => async exchange =>
    {
        if (exchange.Request!.Streamed)
        {
            await StreamAsync(exchange, answer, int.MaxValue);
            await Wire.WriteEventAsync(exchange, "[DONE]");
        }
        else
        {
            await Wire.WriteWholeAsync(exchange, answer);
        }
    };

    /// <summary>Nothing for a while, then the other reply.</summary>
    public static Reply Delayed(TimeSpan delay, Reply then) => async exchange =>
    {
        await Task.Delay(delay, exchange.Context.RequestAborted);
        await then(exchange);
    };

    /// <summary>A streamed answer at the pace of the test: each event, counted from 0, is sent when its task has ended.</summary>
    public static Reply Paced(FakeAnswer answer, Func<int, Task> before) => async exchange =>
    {
        foreach (var (i, data) in Wire.Events(exchange.Request!, answer).Index())
        {
            await before(i).WaitAsync(exchange.Context.RequestAborted);
            await Wire.WriteEventAsync(exchange, data);
        }

        await Wire.WriteEventAsync(exchange, "[DONE]");
    };

    /// <summary>An error with OpenAI's body.</summary>
    public static Reply Error(int status, string message, string? code = null, string? retryAfter = null) => async exchange =>
    {
        exchange.Response.StatusCode = status;
        exchange.Response.ContentType = "application/json";
        if (retryAfter is not null)
        {
            exchange.Response.Headers.RetryAfter = retryAfter;
        }

        await exchange.Response.WriteAsync(Wire.Error(message, status >= 500 ? "server_error" : "invalid_request_error", code));
    };

    /// <summary>429.</summary>
    public static Reply RateLimited(int? retryAfterSeconds = null) =>
        Error(429, "Rate limit reached.", "rate_limit_exceeded", retryAfterSeconds?.ToString(CultureInfo.InvariantCulture));

    /// <summary>500.</summary>
    public static Reply ServerError() => Error(500, "The server had an error while processing your request.");

    /// <summary>Any bytes.</summary>
    public static Reply Raw(int status, string contentType, string body) => async exchange =>
    {
        exchange.Response.StatusCode = status;
        exchange.Response.ContentType = contentType;
        await exchange.Response.WriteAsync(body);
    };

    /// <summary>A web page with status 200.</summary>
    public static Reply Html() => Raw(200, "text/html; charset=utf-8", "<!doctype html><html><body>Welcome to nginx!</body></html>");

    /// <summary>Half a JSON object; as an event when streamed.</summary>
    public static Reply InvalidJson() => async exchange =>
    {
        if (exchange.Request!.Streamed)
        {
            await Wire.WriteEventAsync(exchange, "{\"id\":\"chatcmpl-fake\",\"choices\":[{");
        }
        else
        {
            await Raw(200, "application/json", "{\"id\":\"chatcmpl-fake\",\"choices\":[{")(exchange);
        }
    };

    /// <summary>An answer without a choice.</summary>
    public static Reply EmptyChoices() => async exchange =>
    {
        const string Body = "{\"id\":\"chatcmpl-fake\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[]}";
        if (exchange.Request!.Streamed)
        {
            await Wire.WriteEventAsync(exchange, Body);
            await Wire.WriteEventAsync(exchange, "[DONE]");
        }
        else
        {
            await Raw(200, "application/json", Body)(exchange);
        }
    };

    /// <summary>Takes the request and says nothing.</summary>
    public static Reply HangBeforeFirstByte() => exchange => exchange.HangAsync();

    /// <summary>Streams some events of the answer, then nothing.</summary>
    public static Reply HangAfter(int events, string text) => async exchange =>
    {
        await StreamAsync(exchange, new FakeAnswer { Text = text }, events);
        await exchange.HangAsync();
    };

    /// <summary>Streams some events of the answer, then closes the connection in the middle of the body.</summary>
    public static Reply CutOffAfter(int events, FakeAnswer answer) => async exchange =>
    {
        // A body that is shorter than announced: unlike an abort it lets everything arrive that was sent before.
        exchange.Response.ContentLength = 1_000_000;
        await StreamAsync(exchange, answer, events);
    };

    /// <summary>Streams some events of the answer, then ends the response as if all were well.</summary>
    public static Reply EndAfter(int events, FakeAnswer answer) => exchange => StreamAsync(exchange, answer, events);

    /// <summary>Streams some events of the answer, then an error event.</summary>
    public static Reply FailAfter(int events, string text, string message) => async exchange =>
    {
        await StreamAsync(exchange, new FakeAnswer { Text = text }, events);
        await Wire.WriteEventAsync(exchange, Wire.Error(message, "server_error", null));
    };

    private static async Task StreamAsync(Exchange exchange, FakeAnswer answer, int events)
    {
        foreach (var data in Wire.Events(exchange.Request!, answer).Take(events))
        {
            await Wire.WriteEventAsync(exchange, data);
            if (answer.Delay > TimeSpan.Zero)
            {
                await Task.Delay(answer.Delay, exchange.Context.RequestAborted);
            }
        }
    }
}
