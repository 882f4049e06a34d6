using Microsoft.AspNetCore.Http;
using Minion.Models;
using Minion.ServiceDefaults.Faults;

namespace Minion.Edge.OpenAi.Errors;

/// <summary>Turns whatever an endpoint throws into an error for its client.</summary>
internal sealed class Failures(FaultWriter faults)
{
    /// <summary>The error; causes that clients must not read are in the log, under an id that the error has.</summary>
    public ApiError Explain(Exception exception, HttpContext context) => exception switch
    {
        ApiErrorException known => known.Error,
        ModelException model => ApiErrors.From(model),
        _ => ApiErrors.From(faults.Describe(exception, context.Request.Path, context.RequestAborted.IsCancellationRequested)),
    };
}
