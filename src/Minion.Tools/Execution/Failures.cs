using Minion.Contracts.Callers;
using Minion.Tools.Schemas;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Execution;

/// <summary>The failures that the pipeline itself gives, each with a hint how to recover.</summary>
internal static class Failures
{
    private const int LongestSchemaInHint = 4_000;
    private const string LookFirst = "It may have happened all the same: look before you call it again.";

    public static ToolFailure UnknownTool(string name, IReadOnlyList<string> nearest) => new(
        Kind.UnknownTool,
        $"There is no tool '{name}'.",
        nearest.Count > 0 ? Nearest.Question(nearest) : "Use one of the tools that you were given.",
        Retryable: false);

    public static ToolFailure NoJson(ToolDescription tool, string problem) => new(
        Kind.InvalidArguments,
        $"The arguments of '{tool.Name}' are no JSON object: {problem}",
        "Send the arguments as one JSON object. " + SchemaHint(tool),
        Retryable: false);

    public static ToolFailure InvalidArguments(ToolDescription tool, IReadOnlyList<SchemaError> errors) => new(
        Kind.InvalidArguments,
        $"The arguments of '{tool.Name}' are invalid: {string.Join("; ", errors)}.",
        "Correct the arguments and call again. " + SchemaHint(tool),
        Retryable: false);

    public static ToolFailure Denied(ToolDescription tool, Caller caller) => new(
        Kind.Denied,
        $"'{tool.Name}' needs the permission {string.Join(" and ", tool.Policy.Permissions.Where(p => !caller.May(p)).Select(p => $"'{p}'"))}.",
        "Do without this tool, or ask for the permission.",
        Retryable: false);

    /// <param name="tool">What was called.</param>
    /// <param name="agent">Who calls; empty for a person.</param>
    /// <param name="lacking">The capabilities that are missing.</param>
    public static ToolFailure Incapable(ToolDescription tool, string agent, IReadOnlyList<string> lacking)
    {
        var names = string.Join(" and ", lacking.Select(capability => $"'{capability}'"));
        var needs = $"'{tool.Name}' is for agents with the {(lacking.Count == 1 ? "capability" : "capabilities")} {names}";
        return agent.Length == 0
            ? new(Kind.Denied, needs + "; of people only administrators may call it.", "Let an agent with the capability do it, or ask an administrator.", Retryable: false)
            : new(
                Kind.Denied,
                $"{needs}; '{agent}' is not declared to have {(lacking.Count == 1 ? "it" : "them")}.",
                $"Do without this tool, or give the work to an agent that has {names}. Whoever declares the agent adds it to its 'capabilities'.",
                Retryable: false);
    }

    public static ToolFailure NotApproved(ToolDescription tool) => new(
        Kind.Denied, $"'{tool.Name}' has not been approved yet.", "Do without this tool until it is approved.", Retryable: false);

    public static ToolFailure Forbidden(ToolDescription tool, string reason) => new(
        Kind.Denied, Sentence($"'{tool.Name}' was not called: {reason}"), "Do without this call, or make one that is allowed.", Retryable: false);

    public static ToolFailure NotAllowedByPerson(ToolDescription tool, string text) => new(
        Kind.Denied,
        Sentence($"'{tool.Name}' was not called: a person did not allow it{(text.Length > 0 ? $" and said: {text}" : "")}"),
        "Do not try the same again. Do without this call, or say what you need.",
        Retryable: false);

    public static ToolFailure TooOften(ToolDescription tool, TimeSpan wait) => new(
        Kind.Busy,
        $"'{tool.Name}' may be called {tool.Policy.Rate!.Calls} times in {tool.Policy.Rate.Period.TotalSeconds:0} s, and has been.",
        $"Try again in {Math.Ceiling(wait.TotalSeconds):0} s, or do without it.",
        Retryable: true);

    public static ToolFailure KeyIsTaken(ToolDescription tool) => new(
        Kind.InvalidArguments,
        $"The idempotency key was used for a call of '{tool.Name}' with other arguments.",
        "Use a new key for a new call.",
        Retryable: false);

    public static ToolFailure StillUnderWay(ToolDescription tool) => new(
        Kind.Busy,
        $"A call of '{tool.Name}' with the same idempotency key is still under way.",
        "Try again in a moment: it gives the result of that call.",
        Retryable: true,
        Undecided: HasSideEffect(tool));

    public static ToolFailure Interrupted(ToolDescription tool) => new(
        Kind.Failed,
        $"A call of '{tool.Name}' with the same idempotency key was interrupted, and it is not known what became of it.",
        LookFirst + " Then use a new key.",
        Retryable: false,
        Undecided: true);

    public static ToolFailure KeysAreNotKept() => new(
        Kind.Busy,
        "It cannot be noted at the moment that a call was made, so none that changes something is.",
        "Try again in a moment.",
        Retryable: true);

    public static ToolFailure NoResult(ToolDescription tool) => new(
        Kind.InvalidResult, $"'{tool.Name}' gave no result.", "Do without this tool; its owner has to correct it.", Retryable: false);

    public static ToolFailure StateTooLarge(ToolDescription tool) => new(
        Kind.InvalidResult, $"'{tool.Name}' asked for something and gave more than 64 KiB to remember.", "Do without this tool; its owner has to correct it.", Retryable: false);

    public static ToolFailure Busy(ToolDescription tool) => new(
        Kind.Busy,
        $"'{tool.Name}' has {tool.Policy.Concurrency} calls under way and cannot take more.",
        "Try again in a moment, with fewer calls at once.",
        Retryable: true);

    public static ToolFailure AuditIsBehind() => new(
        Kind.Busy,
        "The record of tool calls cannot be written at the moment, so no tool is called.",
        "Try again in a moment.",
        Retryable: true);

    public static ToolFailure TimedOut(ToolDescription tool) => new(
        Kind.TimedOut,
        $"'{tool.Name}' gave no result within {tool.Policy.Timeout.TotalSeconds:0.###} s.",
        HasSideEffect(tool) ? LookFirst : "Ask for less at once, or try again later.",
        Retryable: !HasSideEffect(tool),
        Undecided: HasSideEffect(tool));

    public static ToolFailure Threw(ToolDescription tool, bool transient) => new(
        Kind.Failed,
        transient ? $"'{tool.Name}' could not reach what it needs." : $"'{tool.Name}' failed because of an error of its own.",
        transient ? HasSideEffect(tool) ? LookFirst : "Try again later." : "Do without this tool, or try other arguments; the server's log has the error.",
        Retryable: transient && !HasSideEffect(tool),
        Undecided: HasSideEffect(tool));

    public static ToolFailure InvalidResult(ToolDescription tool, IReadOnlyList<SchemaError> errors) => new(
        Kind.InvalidResult,
        $"'{tool.Name}' gave a result that does not fit its own description: {string.Join("; ", errors)}.",
        "Do without this tool; its owner has to correct it.",
        Retryable: false);

    public static ToolFailure TooLarge(ToolDescription tool, Guid? kept) => new(
        Kind.InvalidResult,
        $"The result of '{tool.Name}' is larger than its limit of {tool.Policy.ResultLimit} bytes and cannot be shortened.",
        kept is null ? "Ask for less at once." : $"Ask for less at once, or read it in parts with read_result, id {kept}.",
        Retryable: false);

    private static bool HasSideEffect(ToolDescription tool) => tool.Policy.Effect == Contracts.Tools.V1.Effect.SideEffect;

    /// <summary>What people wrote at its end may have its own full stop.</summary>
    private static string Sentence(string text) => text.EndsWith('.') || text.EndsWith('!') || text.EndsWith('?') ? text : text + ".";

    private static string SchemaHint(ToolDescription tool) =>
        tool.InputSchema.Length <= LongestSchemaInHint ? "Their schema: " + tool.InputSchema : "Look at the tool's schema.";
}
