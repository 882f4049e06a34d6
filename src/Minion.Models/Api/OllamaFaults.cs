using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Models.Api;

/// <summary>What a failure of Ollama's is to a caller: <c>OLLAMA_…</c>, or that it has no such model.</summary>
internal static class OllamaFaults
{
    public static Fault From(ModelException error) => error.Kind == ModelErrorKind.UnknownModel
        ? new Fault(StatusCode.NotFound, "MODEL_NOT_FOUND", error.Message, error.Hint)
        : new Fault(Status(error.Kind), $"OLLAMA_{error.Reason}", error.Message, error.Hint);

    private static StatusCode Status(ModelErrorKind kind) => kind switch
    {
        ModelErrorKind.Unavailable or ModelErrorKind.TimedOut or ModelErrorKind.InvalidAnswer => StatusCode.Unavailable,
        ModelErrorKind.RateLimited or ModelErrorKind.OverBudget => StatusCode.ResourceExhausted,
        _ => StatusCode.FailedPrecondition,
    };
}
