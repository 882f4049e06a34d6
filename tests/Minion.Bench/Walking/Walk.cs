using System.Globalization;
using System.Text.Json.Nodes;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Bench.Walking;

/// <summary>
/// Asks the model so many times, each time the same little, so that nothing but the journal grows; then makes a call that a person is asked about, and one more.
/// </summary>
internal sealed class Walk : IBehaviour
{
    private const int MostSteps = 9_000;

    public string Name => "walk@1";

    public void Check(BehaviourCheck check)
    {
        check.Options.Whole("steps", 1, 1, MostSteps);
        check.Options.Done();
    }

    public Decision Next(RunState state)
    {
        var steps = state.OptionsAs(options => JsonNode.Parse(options)!)["steps"]!.GetValue<int>();
        return (state.Turns.Count - steps) switch
        {
            < 0 => Call(state, "walk", withTools: false),
            0 => Call(state, "post 1", withTools: true),
            1 => Call(state, "walk", withTools: false),
            _ => new Finish("Arrived."),
        };
    }

    private static CallModel Call(RunState state, string text, bool withTools) => new(state.Step + 1, withTools)
    {
        Purpose = state.Turns.Count.ToString(CultureInfo.InvariantCulture),
        Prompt = [new PromptText("user", text)],
    };
}
