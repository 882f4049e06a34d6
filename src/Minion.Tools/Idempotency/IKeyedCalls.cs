using Minion.Tools.Execution;

namespace Minion.Tools.Idempotency;

/// <summary>Calls with a key: which have begun, and what came of them.</summary>
internal interface IKeyedCalls
{
    /// <summary>Notes that a call begins; null when it may, else the one with its key that did before.</summary>
    Task<KeyedCall?> BeginAsync(CallIdentity call, string tool, Guid claim, CancellationToken cancellationToken);

    /// <summary>Goes on in the place of a call that ended without a result; false when somebody else does, or it has one by now.</summary>
    Task<bool> TakeOverAsync(CallIdentity call, Guid before, Guid claim, CancellationToken cancellationToken);

    /// <summary>Keeps the result.</summary>
    Task FinishAsync(CallIdentity call, Guid claim, ToolReport report, CancellationToken cancellationToken);

    /// <summary>The call has ended, and nobody knows what became of it.</summary>
    Task LeaveAsync(CallIdentity call, Guid claim, CancellationToken cancellationToken);

    /// <summary>The call has changed nothing: the next one with its key is the first.</summary>
    Task ReleaseAsync(CallIdentity call, Guid claim, CancellationToken cancellationToken);
}

/// <summary>A call that began before.</summary>
/// <param name="Claim">Who made it.</param>
/// <param name="ArgumentsHash">With what.</param>
/// <param name="Result">What came of it; null when there is no result.</param>
/// <param name="IsUnderWay">It may still get one: the process that makes it is alive.</param>
internal sealed record KeyedCall(Guid Claim, byte[] ArgumentsHash, ToolReport? Result, bool IsUnderWay);
