using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools;

/// <summary>One call to a tool, as the tool sees it.</summary>
/// <param name="Arguments">A JSON object that fits the tool's input schema; valid until the call ends.</param>
/// <param name="Caller">In whose name.</param>
/// <param name="IdempotencyKey">The same key means the same call; empty for tools that only read.</param>
/// <param name="Origin">Where the call comes from.</param>
public sealed record ToolCall(JsonElement Arguments, Caller Caller, string IdempotencyKey, ToolCallOrigin Origin)
{
    /// <summary>What was answered to the <see cref="ToolInputRequired"/> that this call ended with before; empty at first.</summary>
    public IReadOnlyList<InputAnswer> Answers { get; init; } = [];

    /// <summary>The state that it gave with it; empty at first.</summary>
    public string InputState { get; init; } = "";

    /// <summary>Is told lines for people to see while the tool works; any thread. Null when nobody listens.</summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>What the call changes, as the tool says unless a policy says otherwise: decides what is told when it is not known whether it took effect.</summary>
    public Effect Effect { get; init; } = Effect.SideEffect;
}

/// <summary>The place in a run that a call comes from.</summary>
/// <param name="RunId">The run; null when the tool is called directly.</param>
/// <param name="Agent">The agent's name; empty when called directly.</param>
/// <param name="Step">The step of the run.</param>
/// <param name="Call">The call within the step.</param>
public sealed record ToolCallOrigin(Guid? RunId, string Agent, int Step, int Call)
{
    /// <summary>No run: the tool is called directly.</summary>
    public static readonly ToolCallOrigin Direct = new(null, "", 0, 0);

    /// <summary>The session of the run; empty when there is none.</summary>
    public string Session { get; init; } = "";

    /// <summary>What the agent is declared to be capable of.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The program that calls on its user's behalf, as it names itself; empty when it does not.</summary>
    public string Client { get; init; } = "";

    /// <summary>Whether a run makes the call; else somebody calls the tool directly, and what is said of run, agent and session is only a claim.</summary>
    public bool FromRun { get; init; }

    /// <summary>What is decided by: nothing of a claim.</summary>
    internal ToolCallOrigin Proven => FromRun ? this : Direct;
}
