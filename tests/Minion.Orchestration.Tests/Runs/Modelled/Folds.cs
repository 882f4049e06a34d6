using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Modelled;

/// <summary>A fold as text, with everything that decisions look at.</summary>
internal static class Folds
{
    public static string Describe(RunState state) => string.Join('\n',
    [
        $"{state.LastSeq} step {state.Step} ({state.CountedSteps}) {state.Now:O} {state.Usage} {state.Context} {state.IsTainted} signal {state.SignalSeq} cancel {state.Cancel} {state.End}",
        .. state.Turns.Select(t => $"{t.Step} {EntryJson.Write(t.Answer)} {string.Join(' ', t.Calls.Select(Describe))}"),
        .. state.Children.Select(c => $"{c.Step}.{c.Call} {c.Started} {c.Ended}"),
    ]);

    private static string Describe(CallState call) =>
        $"[{call.Step}.{call.Request.Call} {call.Intent} {call.Attempts} {call.Question?.Id} {call.Answer} {call.IsApproved} {call.Edited} {call.Outcome} {call.InputRounds} {call.Needs?.Id} {string.Join(", ", call.Input?.Given ?? [])}]";

    public static RecordedRun Recorded(Guid id, string behaviour = "react@1", bool isFork = false) => new()
    {
        IsFork = isFork,
        Id = id,
        AgentId = Guid.Empty,
        Agent = "a",
        AgentVersion = 1,
        Behaviour = behaviour,
        Options = "{}",
        Session = null,
        FirstMessage = 0,
        LastMessage = 0,
        Status = "completed",
        Limits = new(40, 0, 900),
        Input = "do it",
        CreatedAt = Journals.Start,
        Overrides = null,
    };
}
