using Minion.Orchestration.Runs.Behaviours.Planning;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// Its model plans tasks for named agents, a dependency graph; what is ready runs at the same time as children; when a task fails the model
/// plans again; at the end it answers from the results (plan-and-solve over several agents, as in HuggingGPT, arXiv:2303.17580).
/// </summary>
internal sealed class Director : IBehaviour
{
    public string Name => "director@1";

    public void Check(BehaviourCheck check)
    {
        DirectorOptions.Read(check.Options, check.Member);
        check.UsesTools = false;
    }

    public Decision Next(RunState state)
    {
        var options = state.OptionsAs(o => OptionsReader.ReadSound(o, r => DirectorOptions.Read(r, (_, _) => { })));
        var progress = new Progress(state);
        return progress.Decide(Evaluate(options with { Policy = options.Policy.OrDefault(state) }, progress), options.MostParallel);
    }

    private static Outcome Evaluate(DirectorOptions options, Progress progress)
    {
        var results = new Dictionary<string, TaskResult>(StringComparer.Ordinal);
        for (var revision = 1; ; revision++)
        {
            var (plan, outcome) = Plan(options, progress, results, revision);
            if (plan is null)
            {
                // Without a new plan there still is what the earlier ones brought.
                return outcome is Failed && results.Values.Any(r => r.Outcome is Done) ? Answer(progress, results) : outcome!;
            }

            var settled = progress.LastTurn(PlanDialogue.Purpose(revision + 1)) is not null;
            var run = new PlanRun(progress, Finished(results), revision, options.Policy, settled);
            var known = run.Evaluate(plan, start: false);
            var failed = known.FirstOrDefault(r => r.Outcome is Failed);
            if (failed is not null && options.OnFailure == OnTaskFailure.Fail)
            {
                return failed.Outcome;
            }

            var replan = settled || failed is not null && options.OnFailure == OnTaskFailure.Replan && revision <= options.MostReplans;
            if (replan && !settled && IsRunning(progress, plan, revision, options))
            {
                return Outcome.Pending;
            }

            if (!replan && (known = run.Evaluate(plan, start: true)).Any(r => r.Outcome == Outcome.Pending))
            {
                return Outcome.Pending;
            }

            foreach (var result in known)
            {
                // What a new plan is made without counts as left out.
                results[result.Task.Id] = result.Outcome == Outcome.Pending ? result with { Outcome = Outcome.Skipped } : result;
            }

            if (!replan)
            {
                return Answer(progress, results);
            }
        }
    }

    private static (IReadOnlyList<PlanTask>? Plan, Outcome? Outcome) Plan(
        DirectorOptions options, Progress progress, Dictionary<string, TaskResult> results, int revision)
    {
        var finished = Finished(results);
        var rules = new PlanRules([.. options.Members.Select(m => m.Agent)], options.MostTasks, [.. finished.Keys]);
        IReadOnlyList<TaskResult> so = [.. results.Values];
        return PlanDialogue.Ask<IReadOnlyList<PlanTask>>(
            progress,
            revision,
            () =>
            [
                new PromptHistory(),
                new PromptText("user", revision == 1 ? DirectorTexts.Plan(options, progress.State.Input) : DirectorTexts.Replan(options, progress.State.Input, so)),
            ],
            text => PlanReader.Read(text, rules) is { IsValid: true } reading ? (reading.Tasks, []) : (null, PlanReader.Read(text, rules).Errors));
    }

    /// <summary>Whether a task is under way: what has begun is waited for before there is a new plan.</summary>
    private static bool IsRunning(Progress progress, IReadOnlyList<PlanTask> plan, int revision, DirectorOptions options) =>
        plan.Any(t => progress.Look(PlanRun.Label(t, revision), options.Policy) == Outcome.Pending);

    private static Dictionary<string, TaskResult> Finished(Dictionary<string, TaskResult> results) =>
        results.Where(r => r.Value.Outcome is Done).ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal);

    private static Outcome Answer(Progress progress, Dictionary<string, TaskResult> results)
    {
        if (!results.Values.Any(r => r.Outcome is Done))
        {
            var first = results.Values.Select(r => r.Outcome).OfType<Failed>().First().Failure;
            return new Failed("all_tasks_failed", $"None of the planned tasks has a result; the first failed: {first.Message}", first.Hint);
        }

        return progress.Ask("answer", () => [new PromptHistory(), new PromptText("user", DirectorTexts.Answer(progress.State.Input, results.Values))]);
    }
}
