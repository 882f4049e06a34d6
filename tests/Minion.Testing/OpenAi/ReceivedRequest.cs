using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Minion.Testing.OpenAi;

/// <summary>A chat request as it came over the wire.</summary>
public sealed record ReceivedRequest(JsonElement Body, IReadOnlyDictionary<string, string> Headers, Task Aborted)
{
    public string Model => Body.GetProperty("model").GetString()!;

    public bool Streamed => Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    public bool WantsUsage => Body.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;

    public IReadOnlyList<JsonElement> Messages => [.. Body.GetProperty("messages").EnumerateArray()];

    internal static async Task<ReceivedRequest> ReadAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(aborted.SetResult);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new ReceivedRequest(document.RootElement.Clone(), headers, aborted.Task);
    }
}

/// <summary>One request and the place for its answer.</summary>
/// <param name="Context">The HTTP context.</param>
/// <param name="Request">The request; null for one that was not read.</param>
/// <param name="Stopping">Ends hangs when the endpoint stops.</param>
public sealed record Exchange(HttpContext Context, ReceivedRequest? Request, CancellationToken Stopping)
{
    public HttpResponse Response => Context.Response;

    /// <summary>Never returns by itself.</summary>
    public async Task HangAsync()
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Stopping, Context.RequestAborted);
        await Task.Delay(Timeout.Infinite, either.Token);
    }
}

/// <summary>How the fake endpoint answers one request.</summary>
public delegate Task Reply(Exchange exchange);
