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

    /// <summary>Executes a call, unless it needs something said first; null when nobody can tell whether it took effect.</summary>
    public EntryPayload? Execute(CallState call, string key)
    {
        var tool = call.Request.Tool;
        if (call.Input?.IsDenied == true)
        {
            return new CallReturned(tool, Result: null, new CallFailure("denied", "Not allowed.", "Go on."), CallReturned.ByPerson);
        }

        if (call.InputRounds < 2 && tape.Choose(6) == 5)
        {
            return new InputAsked(tool, [.. Enumerable.Range(0, 1 + tape.Choose(3)).Select(Need)], $"state {tape.Choose(3)}");
        }

        Executions[(tool, key)] = Executions.GetValueOrDefault((tool, key)) + 1;
        return tape.Choose(8) switch
        {
            7 when tool == Changes => null,
            6 => new CallReturned(tool, Result: null, new CallFailure("failed", "It broke.", "Try something else.")),
            _ => new CallReturned(tool, $$"""{"by":"{{tool}}"}""", Failure: null) { Untrusted = tape.Choose(3) == 2 },
        };
    }

    /// <summary>What the model answers to what a call needs.</summary>
    public ModelHelped Help(CallState call) => new(call.Request.Tool, call.Needs!.Id, $"help {tape.Choose(5)}", "end_turn", "m", "p", "h");

    private NeededInput Need(int number) => tape.Choose(3) switch
    {
        0 => new NeededInput($"n{number}") { Approval = new NeededApproval("Too much.", "amount > 100") },
        1 => new NeededInput($"n{number}") { Question = new NeededAnswer("Where?", tape.Choose(2) == 1 ? "{}" : null, Url: null) },
        _ => new NeededInput($"n{number}") { Model = new NeededModelCall([new NeededMessage("user", "Help.")]) },
    };
}
