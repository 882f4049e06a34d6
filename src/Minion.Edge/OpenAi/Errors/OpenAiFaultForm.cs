using Microsoft.AspNetCore.Http;
using Minion.ServiceDefaults.Faults;

namespace Minion.Edge.OpenAi.Errors;

/// <summary>What is refused before it reaches an endpoint, for example for want of a key, has OpenAI's shape too.</summary>
internal sealed class OpenAiFaultForm : IFaultForm
{
    public bool IsFor(PathString path) => path.StartsWithSegments(OpenAiEndpoints.Root, StringComparison.Ordinal);

    public Task WriteAsync(HttpContext context, FaultDescription fault) => ErrorWriter.WriteAsync(context, ApiErrors.From(fault));
}
