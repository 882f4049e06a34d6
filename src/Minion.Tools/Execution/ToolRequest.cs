using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Execution;

/// <summary>A call as it arrives: nothing of it has been checked against the tool yet.</summary>
/// <param name="Tool">The name that is asked for.</param>
/// <param name="Arguments">Should be a JSON object.</param>
/// <param name="IdempotencyKey">The same key means the same call.</param>
/// <param name="Origin">Where the call comes from.</param>
/// <param name="Caller">In whose name.</param>
internal sealed record ToolRequest(string Tool, string Arguments, string IdempotencyKey, ToolCallOrigin Origin, Caller Caller)
{
    /// <summary>What was answered to what the call needed before; empty at first.</summary>
    public IReadOnlyList<InputAnswer> Answers { get; init; } = [];

    /// <summary>The state that it gave with it.</summary>
    public string InputState { get; init; } = "";

    /// <summary>A person has decided that the call is made again, although nobody knows what became of the first with its key.</summary>
    public bool Again { get; init; }

    /// <summary>What the caller has read came in part from untrusted sources.</summary>
    public bool Tainted { get; init; }

    /// <summary>Is told what the tool says while it works; null when nobody listens.</summary>
    public IProgress<string>? Progress { get; init; }
}

/// <summary>How a call went.</summary>
/// <param name="Outcome">The result or the failure.</param>
/// <param name="Attempts">How often the tool was invoked.</param>
internal sealed record ToolReport(ToolOutcome Outcome, int Attempts)
{
    /// <summary>The result as JSON; empty for a failure.</summary>
    public string Json { get; init; } = "";

    /// <summary>The result was cut to fit the tool's limit.</summary>
    public bool Trimmed { get; init; }

    /// <summary>The result as JSON before it was cut; empty when it was not.</summary>
    public string Whole { get; init; } = "";

    /// <summary>Names the result that was kept aside; null when none was.</summary>
    public Guid? KeptId { get; init; }

    /// <summary>Bytes of JSON before it was cut.</summary>
    public long ResultBytes { get; init; }

    /// <summary>The result came from where anybody may write.</summary>
    public bool Untrusted { get; init; }

    /// <summary>What was mended in the arguments.</summary>
    public IReadOnlyList<Repair> Repairs { get; init; } = [];

    /// <summary>US dollars.</summary>
    public double CostUsd { get; init; }

    /// <summary>The result of an earlier call.</summary>
    public bool Cached { get; init; }

    /// <summary>The result of the first call with the same key: nothing was done now.</summary>
    public bool Repeated { get; init; }

    /// <summary>All attempts and everything around them.</summary>
    public TimeSpan Duration { get; init; }
}
