using Minion.Contracts.Callers;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>
/// A call of it changes something in this service. It is made again after a crash, so it must take a key that it has seen as the same call.
/// </summary>
internal interface IEffectTool : IEngineTool
{
    /// <summary>Makes the call. What is wrong with the arguments is a failure that the model sees, never an exception.</summary>
    Task<CallReturned> CallAsync(EngineCall call, CancellationToken ct);
}

/// <summary>A call of an <see cref="IEffectTool"/>.</summary>
/// <param name="Caller">In whose name it is made.</param>
/// <param name="Run">The run.</param>
/// <param name="Request">The call, with the arguments that a person has put in the place of the model's.</param>
/// <param name="Key">The same for every attempt: <c>run/step/call</c>.</param>
internal sealed record EngineCall(Caller Caller, ClaimedRun Run, RequestedCall Request, string Key)
{
    /// <summary>Whether what the run has read came in part from untrusted sources.</summary>
    public bool IsTainted { get; init; }
}
