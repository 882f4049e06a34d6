using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

public sealed class DirectorTests
{
    private const string Members = """{"members":["research",{"agent":"writer","description":"writes"}]}""";
    private const string Plan = """{"tasks":[{"id":"a","agent":"research","input":"A"},{"id":"b","agent":"research","input":"B"},{"id":"c","agent":"writer","input":"Use {{tasks.a.output}} and {{tasks.b.output}}"}]}""";

    [Fact]
    public void Tasks_run_when_what_they_need_has_a_result_and_the_model_answers_from_the_results()
    {
        var run = Run(Members, (purpose, text) => purpose == "plan" ? Plan : text);

        run.Calls.Select(c => c.Purpose).ShouldBe(["plan", "answer"]);
        run.Decisions.OfType<StartChildren>().First().Children.Select(c => c.Label).ShouldBe(["a", "b"]);
        run.Started[^1].ShouldBe(new ChildRequest("writer", "Use research did a and research did b", "c"));
        run.Output.ShouldContain("writer did c");
        ((PromptText)run.Calls[0].Prompt![^1]).Text.ShouldContain("- writer: writes");
    }

    [Fact]
    public void An_invalid_plan_goes_back_to_the_model_with_all_errors()
    {
        var run = Run(Members, (purpose, text) => purpose switch { "plan" => """{"tasks":[{"id":"a","agent":"x","input":""}]}""", "plan:1.2" => Plan, _ => "done" });

        var correction = ((PromptText)run.Calls[1].Prompt![^1]).Text;
        correction.ShouldContain("tasks[0].agent is 'x'");
        correction.ShouldContain("tasks[0].input");
        run.Output.ShouldBe("done");
    }

    [Fact]
    public void Three_invalid_plans_fail_the_run_and_a_retry_asks_again()
    {
        var broken = true;
        var run = Run(Members, (purpose, _) => purpose.StartsWith("plan", StringComparison.Ordinal) ? broken ? "no plan" : Plan : "done");
        run.Failure.Reason.ShouldBe("invalid_plan");
        run.Calls.Count.ShouldBe(3);
        broken = false;

        run.Retry().Output.ShouldBe("done");
    }

    [Fact]
    public void A_failed_task_leads_to_a_new_plan_that_may_use_what_is_done()
    {
        var run = Run(
            Members,
            (purpose, _) => purpose switch { "plan" => Plan, "plan:2" => """{"tasks":[{"id":"b","agent":"writer","input":"B again"},{"id":"d","agent":"writer","input":"{{tasks.a.output}}, {{tasks.b.output}}"}]}""", _ => "done" },
            c => c.Label == "b" ? "!no luck" : $"{c.Agent} did {c.Label}");

        run.Output.ShouldBe("done");
        run.Labels.ShouldBe(["a", "b", "b@2", "d@2"]);
        run.Started[^1].Input.ShouldBe("research did a, writer did b@2");
        ((PromptText)run.Calls[1].Prompt![^1]).Text.ShouldContain("no luck");
    }

    [Fact]
    public void Replans_are_bounded_and_the_answer_is_made_of_what_there_is()
    {
        var run = Run(Members.Replace("}]}", "}],\"replans\":1}"), (purpose, text) => purpose switch { "plan" => Plan, "plan:2" => """{"tasks":[{"id":"e","agent":"writer","input":"E"}]}""", _ => text }, c => c.Label == "a" ? "fine" : "!no luck");

        run.Calls.Select(c => c.Purpose).ShouldBe(["plan", "plan:2", "answer"]);
        run.Output.ShouldContain("## e (writer): failed");
        run.Output.ShouldContain("fine");
    }

    [Fact]
    public void Without_replans_tasks_that_need_a_failed_one_are_left_out()
    {
        var run = Run(Members.Replace("}]}", "}],\"on_failure\":\"continue\"}"), (purpose, text) => purpose == "plan" ? Plan : text, c => c.Label == "a" ? "!no luck" : "fine");

        run.Labels.ShouldBe(["a", "b"]);
        run.Output.ShouldContain("## c (writer): not done");
    }

    [Fact]
    public void One_failure_may_fail_the_run() =>
        Run(Members.Replace("}]}", "}],\"on_failure\":\"fail\"}"), (_, _) => Plan, c => "!no luck").Failure.Message.ShouldBe("no luck");

    [Fact]
    public void When_everything_fails_the_run_fails() =>
        Run(Members.Replace("}]}", "}],\"replans\":0}"), (_, _) => Plan, c => "!no luck").Failure.Reason.ShouldBe("all_tasks_failed");

    [Fact]
    public void A_specialist_that_hangs_is_given_up_after_the_timeout()
    {
        var run = Run(
            Members.Replace("}]}", "}],\"task_timeout\":\"5m\",\"on_failure\":\"continue\"}"),
            (purpose, text) => purpose == "plan" ? Plan : text,
            c => c.Label == "b" ? null : "fine");

        run.Output.ShouldContain("gave no answer within 5m");
    }

    [Fact]
    public void Nonsense_of_a_specialist_is_a_result_like_any_other() =>
        Run(Members, (purpose, text) => purpose == "plan" ? Plan : text, c => "{{tasks.zzz.output}} \u0000 }}{{ <<<").Output.ShouldContain("{{tasks.zzz.output}}");

    private static Simulation Run(string options, Func<string, string, string> model, Func<ChildRequest, string?>? child = null)
    {
        BehaviourCheck.Of(new Director(), options).Problems.ShouldBeEmpty();
        return (child is null ? new Simulation(new Director(), options) { Model = model } : new Simulation(new Director(), options) { Model = model, Child = child }).Run();
    }
}
