using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

public sealed class RouterTests
{
    private const string Options =
        """
        {"routes":[
          {"agent":"billing","when":{"contains":["refund","invoice"]}},
          {"agent":"tech","description":"what does not work"},
          {"agent":"sales","description":"what to buy"}],
         "otherwise":"desk"}
        """;

    [Fact]
    public void A_condition_chooses_without_asking_the_model()
    {
        var run = Run("Where is my REFUND?", "sales");

        run.Labels.ShouldBe(["route/billing"]);
        run.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"agent":"sales"}""", "sales", 1)]
    [InlineData("Sales.", "sales", 1)]
    [InlineData("I would say it is something else", "desk", 2)]
    [InlineData("", "desk", 1)]
    public void The_model_chooses_among_those_that_are_described(string answer, string taken, int calls)
    {
        var run = Run("hello", answer);

        run.Labels.ShouldBe([$"route/{taken}"]);
        run.Calls.Count.ShouldBe(calls);
    }

    [Fact]
    public void Without_a_choice_and_without_another_agent_the_run_fails() =>
        Run("hello", "nobody", """{"routes":[{"agent":"a","description":"x"}]}""").Failure.Reason.ShouldBe("no_route");

    [Fact]
    public void The_other_agent_may_take_over_from_one_that_fails() =>
        new Simulation(new Router(), """{"routes":[{"agent":"a","when":{"empty":false}}],"otherwise":"b","on_failure":"otherwise"}""") { Child = c => c.Agent == "a" ? "!down" : "here" }
            .Run().Output.ShouldBe("here");

    private static Simulation Run(string input, string answer, string options = Options) => new Simulation(new Router(), options, input) { Model = (_, _) => answer }.Run();
}
