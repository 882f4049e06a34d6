using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Modelled;

/// <summary>What is outside of a simulated run: a model that asks for calls, and tools that count how often each key took effect.</summary>
internal sealed class World(Tape tape)
{
    public const string Reads = "reads";
    public const string Repeatable = "repeatable";
    public const string Changes = "changes";

    private static readonly string[] Tools = [Reads, Repeatable, Changes];

    /// <summary>How often each key was executed, by tool and key.</summary>
    public Dictionary<(string Tool, string Key), int> Executions { get; } = [];

    public ModelAnswered Answer()
    {
        var calls = Enumerable.Range(0, tape.Choose(4)).Select(i => new RequestedCall(i, $"id{i}", Tools[tape.Choose(Tools.Length)], $$"""{"n":{{tape.Choose(3)}}}""")).ToArray();
        return new ModelAnswered(calls.Length > 0 ? "" : $"answer {tape.Choose(5)}", calls, calls.Length > 0 ? "tool_calls" : "stop", "m", "p", "h", Reasoning: null);
    }

    /// <summary>Executes a call; null when nobody can tell whether it took effect.</summary>
    public CallReturned? Execute(CallState call, string key)
    {
        var tool = call.Request.Tool;
        Executions[(tool, key)] = Executions.GetValueOrDefault((tool, key)) + 1;
        return tape.Choose(8) switch
        {
            7 when tool == Changes => null,
            6 => new CallReturned(tool, Result: null, new CallFailure("failed", "It broke.", "Try something else.")),
            _ => new CallReturned(tool, $$"""{"by":"{{tool}}"}""", Failure: null),
        };
    }
}
