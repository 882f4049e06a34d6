using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Minion.Testing.Vendors;

/// <summary>A request as a fake vendor received it.</summary>
/// <param name="Path">The path, with its query.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body's JSON; undefined for a request without one.</param>
/// <param name="Aborted">Completes when the client gives up.</param>
public sealed record VendorRequest(string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body, Task Aborted)
{
    internal static async Task<VendorRequest> ReadAsync(HttpContext context)
    {
        var body = HttpMethods.IsGet(context.Request.Method) ? default : await BodyAsync(context);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(aborted.SetResult);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new VendorRequest(context.Request.Path + context.Request.QueryString, headers, body, aborted.Task);
    }

    private static async Task<JsonElement> BodyAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        return document.RootElement.Clone();
    }
}
