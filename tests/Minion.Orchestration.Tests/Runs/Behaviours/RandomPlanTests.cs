using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Tests.Runs.Modelled;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

/// <summary>Random plans and flows, random failures, children that end in a random order: what must hold for all of them.</summary>
public sealed class RandomPlanTests
{
    private static readonly Config Thorough = Seeds.Of(300, largest: 60);

    [Fact]
    public void A_director_ends_runs_each_task_once_after_those_that_it_needs_and_never_too_many_at_once() =>
        Prop.ForAll<int[], int, int>((masks, failing, seed) =>
        {
            var tasks = Tasks(masks);
            var parallel = 1 + (Math.Abs(seed % 1000) % 4);
            var run = new Simulation(new Director(), $$"""{"members":["m"],"max_tasks":200,"max_parallel":{{parallel}}}""", seed: seed)
            {
                Model = (purpose, _) => purpose == "plan" ? JsonSerializer.Serialize(new { tasks }) : purpose.StartsWith("plan", StringComparison.Ordinal) ? "no more plans" : "done",
                Child = c => (failing >> (c.Label.GetHashCode(StringComparison.Ordinal) & 31) & 1) == 1 ? "!no luck" : $"<{c.Label}>",
            }.Run();

            run.Decisions[^1].ShouldBeAssignableTo<Decision>().ShouldBeOneOf([run.Decisions.OfType<Finish>().LastOrDefault()!, run.Decisions.OfType<Fail>().LastOrDefault()!]);
            run.Labels.ShouldBeUnique();
            run.MostRunning.ShouldBeLessThanOrEqualTo(parallel);
            foreach (var task in tasks)
            {
                NeedsAreThere(run, task.id, task.depends_on);
            }

            run.Replay();
        }).Check(Thorough);

    [Fact]
    public void A_flow_ends_runs_each_stage_once_and_never_too_many_at_once() =>
        Prop.ForAll<int[], int, int>((shape, failing, seed) =>
        {
            var names = 0;
            var at = 0;
            int Next(int below) => Math.Abs((shape.Length == 0 ? 1 : shape[at++ % shape.Length]) % 1000 + names) % below;
            var parallel = 1 + (Math.Abs(seed % 1000) % 4);
            var stages = Enumerable.Range(0, 1 + Next(4)).Select(_ => Stage(0)).ToList();
            var options = $$"""{"max_parallel":{{parallel}},"stages":[{{string.Join(',', stages)}}]}""";
            BehaviourCheck.Of(new FlowBehaviour(), options).Problems.ShouldBeEmpty(options);

            var run = new Simulation(new FlowBehaviour(), options, seed: seed)
            {
                Child = c => (failing >> (c.Label.GetHashCode(StringComparison.Ordinal) & 31) & 1) == 1 ? "!no luck" : "[1,2,3]",
                Model = (purpose, _) => failing % 3 == 0 ? "ACCEPTED" : purpose,
            }.Run();

            run.Labels.ShouldBeUnique(options);
            run.MostRunning.ShouldBeLessThanOrEqualTo(parallel, options);
            run.Calls.Select(c => c.Purpose).ShouldBeUnique(options);
            run.Replay();

            string Stage(int depth)
            {
                var name = $"s{names++}";
                var failure = new[] { "fail", "continue", "skip" }[Next(3)];
                var kind = depth > 2 ? Next(2) : Next(7);
                var body = kind switch
                {
                    0 => "\"agent\":\"a\"",
                    1 => "\"prompt\":\"say {{previous}}\"",
                    2 => $"\"sequence\":[{Stage(depth + 1)},{Stage(depth + 1)}]",
                    3 => $"\"parallel\":[{Stage(depth + 1)},{Stage(depth + 1)}]",
                    4 => $"\"map\":\"{{{{previous}}}}\",\"do\":{Stage(depth + 1)}",
                    5 => $"\"choose\":[{{\"when\":{{\"contains\":\"1\"}},\"do\":{Stage(depth + 1)}}},{{\"otherwise\":{Stage(depth + 1)}}}]",
                    _ => "\"review\":{\"writer\":\"w\",\"reviewer\":\"r\",\"rounds\":2}",
                };
                return $$"""{"name":"{{name}}","on_failure":"{{failure}}",{{body}}}""";
            }
        }).Check(Thorough);

    [Fact]
    public void Whatever_a_model_says_a_director_and_a_planner_end() =>
        Prop.ForAll<string?[], int>((answers, seed) =>
        {
            foreach (var (behaviour, options) in new (IBehaviour, string)[] { (new Director(), """{"members":["m"]}"""), (new PlanExecute(), "{}"), (new Reviewer(), "{}") })
            {
                var at = 0;
                var run = new Simulation(behaviour, options, seed: seed) { Model = (_, _) => answers.Length == 0 ? "" : answers[at++ % answers.Length] ?? "" }.Run();
                run.Replay();
            }
        }).Check(Thorough);

    private static void NeedsAreThere(Simulation run, string id, IReadOnlyList<string> needed)
    {
        var begun = run.Entries.FirstOrDefault(e => e.Payload is ChildStarted child && child.Label == id);
        foreach (var need in begun is null ? [] : needed)
        {
            run.Entries.ShouldContain(e => e.Seq < begun!.Seq && e.Payload is ChildEnded && ((ChildEnded)e.Payload).Label == need && ((ChildEnded)e.Payload).Status == ChildEnded.Completed);
        }
    }

    private static List<PlannedTask> Tasks(int[] masks)
    {
        var tasks = masks.DefaultIfEmpty().Take(200).Select((mask, i) => new PlannedTask(
            $"t{i}", "m", "x", [.. Enumerable.Range(Math.Max(0, i - 30), Math.Min(i, 30)).Where(j => (mask >> (i - j) & 1) == 1).Select(j => $"t{j}")])).ToList();
        tasks.Reverse();
        return tasks;
    }

#pragma warning disable IDE1006, SA1300 // As the plan's JSON has them.
    private sealed record PlannedTask(string id, string agent, string input, IReadOnlyList<string> depends_on);
#pragma warning restore IDE1006, SA1300
}
