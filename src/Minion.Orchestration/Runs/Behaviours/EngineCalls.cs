using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>The calls of an answer that are decisions about the run. They come before the tools of the same answer: none of them waits for those.</summary>
internal static class EngineCalls
{
    /// <summary>What the engine does about the first of them, together with others that want the same; null when none of the calls is one.</summary>
    public static Decision? Decide(IReadOnlyList<CallState> callable, RunState state)
    {
        var decisions = callable.Select(c => Find(c, state)?.Decide(c, state)).OfType<Decision>().ToList();
        return decisions switch
        {
            [] => null,
            [StartChildren first, ..] => new StartChildren(first.Step, [.. decisions.OfType<StartChildren>().SelectMany(s => s.Children)]),
            [Ask, ..] => new Ask([.. decisions.OfType<Ask>().SelectMany(a => a.Calls)]),
            [var first, ..] => first,
        };
    }

    /// <summary>The tool of a call when it is one of these, and its agent has it.</summary>
    public static IDecidingTool? Find(CallState call, RunState state) =>
        state.Context?.EngineTools?.Contains(call.Request.Tool) == true ? EngineToolList.FindDeciding(call.Request.Tool) : null;
}
