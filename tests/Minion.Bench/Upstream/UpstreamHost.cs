using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Minion.Bench.Upstream;

/// <summary>An endpoint that speaks chat completions, always the same, after a delay: what a model would be if it cost nothing.</summary>
internal static class UpstreamHost
{
    /// <summary>The argument that makes this program the endpoint; the delay in milliseconds follows.</summary>
    public const string Argument = "--upstream";

    private static readonly byte[] Whole =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1769868300,"model":"fake","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog, and the dog does not mind at all."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":18,"total_tokens":38}}"""u8.ToArray();

    private static readonly byte[] FirstEvent =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1769868300,"model":"fake","choices":[{"index":0,"delta":{"role":"assistant","content":"The"},"finish_reason":null}]}"""u8.ToArray();

    /// <summary>Says where it listens, and ends with whoever started it.</summary>
    public static async Task RunAsync(int delay)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        await using var app = builder.Build();
        app.Run(context => AnswerAsync(context, delay));
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
    }

    private static async Task AnswerAsync(HttpContext context, int delay)
    {
        var streamed = await ReadAsync(context.Request.BodyReader);
        if (delay > 0)
        {
            await Task.Delay(delay);
        }

        if (streamed)
        {
            await HoldAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Whole.Length;
        await context.Response.Body.WriteAsync(Whole);
    }

    /// <summary>A stream that has begun and does not go on, until its client is gone.</summary>
    private static async Task HoldAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.WriteAsync(FirstEvent);
        await context.Response.Body.WriteAsync("\n\n"u8.ToArray());
        await context.Response.Body.FlushAsync();
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private static async Task<bool> ReadAsync(PipeReader body)
    {
        var streamed = false;
        while (true)
        {
            var read = await body.ReadAsync();
            streamed |= read.Buffer.ToArray().AsSpan().IndexOf("\"stream\":true"u8) >= 0;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return streamed;
            }
        }
    }

    /// <summary>The delay as the program is given it.</summary>
    public static string Text(int delay) => delay.ToString(CultureInfo.InvariantCulture);
}
