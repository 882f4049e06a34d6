using System.Globalization;
using System.Text.Json.Nodes;
using Minion.Orchestration.Runs.Behaviours.Planning;
using Minion.Orchestration.Runs.Behaviours.Templates;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// One agent: its model plans steps, works on each with its tools, plans again when one fails, and answers at the end (plan-and-solve,
/// arXiv:2305.04091; the steps as in ReAct).
/// </summary>
internal sealed class PlanExecute : IBehaviour
{
    private const int LongestStep = 2_000;

    public string Name => "plan-execute@1";

    public void Check(BehaviourCheck check) => Options.Read(check.Options);

    public Decision Next(RunState state)
    {
        var options = state.OptionsAs(o => OptionsReader.ReadSound(o, Options.Read));
        var progress = new Progress(state);
        return progress.Decide(Evaluate(options, progress), mostParallel: 1);
    }

    private static Outcome Evaluate(Options options, Progress progress)
    {
        var done = new List<PlanExecuteTexts.Step>();
        for (var revision = 1; ; revision++)
        {
            var so = done.ToList();
            var (plan, outcome) = PlanDialogue.Ask<IReadOnlyList<string>>(
                progress,
                revision,
                () => [new PromptHistory(), new PromptText("user", PlanExecuteTexts.Plan(progress.State.Input, so, options.MostSteps))],
                text => Read(text, options.MostSteps));
            if (plan is null)
            {
                return outcome is Failed && done.Exists(s => s.Outcome is Done) ? Answer(progress, done) : outcome!;
            }

            var settled = progress.LastTurn(PlanDialogue.Purpose(revision + 1)) is not null;
            if (Execute(options, progress, plan, revision, done, settled) is { } unfinished)
            {
                return unfinished;
            }

            if (done[^1].Outcome is not Failed || revision > options.MostReplans)
            {
                return done.Exists(s => s.Outcome is Done) ? Answer(progress, done) : done[^1].Outcome;
            }
        }
    }

    /// <summary>The steps of a plan until one fails; an outcome when one is under way.</summary>
    private static Outcome? Execute(Options options, Progress progress, IReadOnlyList<string> plan, int revision, List<PlanExecuteTexts.Step> done, bool settled)
    {
        foreach (var (i, step) in plan.Index())
        {
            var so = done.ToList();
            var outcome = progress.Ask(
                string.Create(CultureInfo.InvariantCulture, $"step:{revision}.{i + 1}"),
                () => [new PromptHistory(), new PromptText("user", PlanExecuteTexts.Do(progress.State.Input, so, plan, i))],
                withTools: true,
                options.MostTurns,
                text => !PlanExecuteTexts.SaysFailed(text),
                settled);
            if (outcome is not (Done or Failed))
            {
                return outcome;
            }

            if (outcome is Done said && PlanExecuteTexts.SaysFailed(said.Text))
            {
                outcome = new Failed("step_failed", $"The step '{Yaml.Quoted.Cut(step, 100)}' failed: {Yaml.Quoted.Cut(said.Text, 500)}", "Ask for something else, or give the agent the tools that it needs.");
            }

            done.Add(new PlanExecuteTexts.Step(step, outcome));
            if (outcome is Failed)
            {
                return null;
            }
        }

        return null;
    }

    private static Outcome Answer(Progress progress, List<PlanExecuteTexts.Step> done) =>
        progress.Ask("answer", () => [new PromptHistory(), new PromptText("user", PlanExecuteTexts.Answer(progress.State.Input, done))]);

    private static (IReadOnlyList<string>? Plan, IReadOnlyList<string> Errors) Read(string text, int most)
    {
        if (JsonText.Find(text) is not JsonObject plan || plan["steps"] is not JsonArray items)
        {
            return (null, ["The answer holds no JSON object with a list 'steps'. Answer with the plan as JSON and nothing else."]);
        }

        if (items.Count == 0 || items.Count > most)
        {
            return (null, [$"The plan has {items.Count:N0} steps; 1 to {most} are allowed."]);
        }

        var errors = new List<string>();
        var steps = new List<string>();
        foreach (var (i, item) in items.Index())
        {
            var step = item is JsonValue value && value.TryGetValue<string>(out var words) ? words : "";
            steps.Add(step);
            if (string.IsNullOrWhiteSpace(step) || step.Length > LongestStep)
            {
                errors.Add($"steps[{i}] must be a text of 1 to {LongestStep} characters.");
            }
        }

        return errors.Count == 0 ? (steps, []) : (null, errors);
    }

    private sealed record Options(int MostSteps, int MostTurns, int MostReplans)
    {
        public static Options Read(OptionsReader reader)
        {
            var options = new Options(reader.Whole("max_plan_steps", 10, 1, 50), reader.Whole("max_turns", 8, 1, 50), reader.Whole("replans", 2, 0, 10));
            reader.Done();
            return options;
        }
    }
}
