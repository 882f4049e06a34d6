using System.Text.Json;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

/// <summary>Two agents give their view at the same time.</summary>
public sealed class TwoViews : IBehaviour
{
    public string Name => "two-views@1";

    public void Check(BehaviourCheck check)
    {
        check.UsesModel = false;
        check.UsesTools = false;
        foreach (var side in (string[])["for", "against"])
        {
            check.Member(side, check.Options.RequiredText(side, "the name of an agent"));
        }

        check.Options.Done();
    }

    public Decision Next(RunState state)
    {
        var sides = state.OptionsAs(options => JsonSerializer.Deserialize<Dictionary<string, string>>(options)!);
        if (state.Children.Count == 0)
        {
            return new StartChildren(state.Step + 1, [.. sides.Select(s => new ChildRequest(s.Value, $"Argue {s.Key} this: {state.Input}", s.Key))]);
        }

        return state.HasOpenChildren ? new Wait() : new Finish(string.Join("\n\n", state.Children.Select(c => $"{c.Started.Label}: {c.Ended!.Output ?? c.Ended.Failure!.Message}")));
    }
}
