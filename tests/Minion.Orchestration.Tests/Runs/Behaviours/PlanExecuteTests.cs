using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

public sealed class PlanExecuteTests
{
    [Fact]
    public void Each_step_of_the_plan_is_worked_on_with_tools_and_sees_what_is_done()
    {
        var run = Run((purpose, text) => purpose == "plan" ? """{"steps":["look","sum"]}""" : purpose == "answer" ? text : $"did {purpose}");

        run.Calls.Select(c => (c.Purpose, c.WithTools)).ShouldBe([("plan", false), ("step:1.1", true), ("step:1.2", true), ("answer", false)]);
        ((PromptText)run.Calls[2].Prompt![^1]).Text.ShouldContain("did step:1.1");
        run.Output.ShouldContain("did step:1.2");
    }

    [Fact]
    public void A_step_that_fails_leads_to_a_new_plan()
    {
        var run = Run((purpose, _) => purpose switch { "plan" => """{"steps":["a","b"]}""", "step:1.2" => "FAILED: no such page", "plan:2" => """{"steps":["c"]}""", _ => "ok" });

        run.Calls.Select(c => c.Purpose).ShouldBe(["plan", "step:1.1", "step:1.2", "plan:2", "step:2.1", "answer"]);
        ((PromptText)run.Calls[3].Prompt![^1]).Text.ShouldContain("no such page");
    }

    [Fact]
    public void Replans_are_bounded()
    {
        var run = Run((purpose, _) => purpose.StartsWith("plan", StringComparison.Ordinal) ? """{"steps":["a"]}""" : "FAILED: never");

        run.Failure.Reason.ShouldBe("step_failed");
        run.Calls.Count(c => c.Purpose!.StartsWith("plan", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public void A_retry_goes_on_with_the_step_that_failed()
    {
        var broken = true;
        var run = Run((purpose, _) => purpose == "plan" ? """{"steps":["a"]}""" : broken ? "FAILED: not today" : "ok", """{"replans":0}""");
        run.Failure.Reason.ShouldBe("step_failed");
        broken = false;

        run.Retry().Output.ShouldBe("ok");
        run.Calls.Select(c => c.Purpose).ShouldBe(["plan", "step:1.1", "step:1.1", "answer"]);
    }

    [Theory]
    [InlineData("""{"steps":[]}""")]
    [InlineData("""{"steps":[1]}""")]
    [InlineData("not a plan")]
    public void An_invalid_plan_fails_after_two_corrections(string plan) => Run((_, _) => plan).Failure.Reason.ShouldBe("invalid_plan");

    private static Simulation Run(Func<string, string, string> model, string options = "{}") => new Simulation(new PlanExecute(), options) { Model = model }.Run();
}
