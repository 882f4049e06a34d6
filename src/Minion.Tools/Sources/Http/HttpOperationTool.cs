using System.Net.Http;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Sources.Http;

/// <summary>An operation of an HTTP API as a tool.</summary>
internal sealed class HttpOperationTool(string name, HttpOperation operation, Uri server, string category, HttpService service, string pinned = "") : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = name,
        Version = "1.0",
        Category = category,
        Description = operation.Description,
        InputSchema = operation.InputSchema,
        OutputSchema = operation.OutputSchema,
        Untrusted = true,
        Pinned = pinned,
        Policy = new ToolPolicy(EffectOf(operation, service.Settings))
        {
            Timeout = operation.Timeout ?? service.Settings.Timeout,
            Retries = EffectOf(operation, service.Settings) == Effect.SideEffect ? 0 : 2,
            Concurrency = 16,
        },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var invalid = HttpRequests.Build(operation, operation.Server ?? server, call.Arguments, out var request);
        using (request)
        {
            if (invalid is not null)
            {
                return invalid;
            }

            var url = request.RequestUri!;
            try
            {
                return HttpOutcomes.Of(await service.SendAsync(request, call.IdempotencyKey, cancellationToken), operation, call.Effect);
            }
            catch (HttpRequestException exception)
            {
                return HttpOutcomes.Of(exception, url, call.Effect);
            }
            catch (IOException)
            {
                // The answer ended in the middle of its body.
                return HttpOutcomes.Of(new HttpRequestException(HttpRequestError.ResponseEnded), url, call.Effect);
            }
            catch (ToolSourceException problem)
            {
                return ToolOutcome.Failed(problem.Message, "Do without this tool until it is set up.");
            }
        }
    }

    // An API that takes a key does the same call once.
    private static Effect EffectOf(HttpOperation operation, HttpServiceSettings settings) =>
        operation.Effect == Effect.SideEffect && settings.IdempotencyHeader.Length > 0 ? Effect.Idempotent : operation.Effect;
}
