using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

public sealed class DebateTests
{
    private const string Options = """{"sides":["hope",{"agent":"doubt","position":"It is too early."}],"rounds":2,"judge":"chair"}""";

    [Fact]
    public void Each_round_shows_each_side_what_the_others_said_and_the_judge_has_the_last_word()
    {
        var inputs = new List<string>();
        var run = new Simulation(new Debate(), Options, "Shall we?")
        {
            Child = c =>
            {
                inputs.Add(c.Input);
                return c.Agent == "chair" ? "We shall." : $"{c.Agent} in {c.Label}";
            },
        }.Run();

        run.Labels.ShouldBe(["round 1/1 hope", "round 1/2 doubt", "round 2/1 hope", "round 2/2 doubt", "verdict"]);
        run.Output.ShouldBe("We shall.");
        inputs.ShouldContain(i => i.Contains("It is too early.") && i.Contains("hope in round 1/1 hope"));
        inputs[^1].ShouldContain("doubt in round 2/2 doubt");
    }

    [Fact]
    public void Who_fails_stands_by_what_it_said_before()
    {
        var last = "";
        new Simulation(new Debate(), Options, "Shall we?")
        {
            Child = c =>
            {
                last = c.Input;
                return c.Agent == "chair" ? "Yes." : c.Label == "round 2/2 doubt" ? "!lost" : $"{c.Agent} in {c.Label}";
            },
        }.Run().Output.ShouldBe("Yes.");

        last.ShouldContain("doubt in round 1/2 doubt");
    }

    [Fact]
    public void Without_a_judge_the_own_model_answers()
    {
        var run = new Simulation(new Debate(), """{"sides":["hope","doubt"],"rounds":1}""", "Shall we?") { Child = c => c.Agent, Model = (_, _) => "Perhaps." }.Run();

        run.Output.ShouldBe("Perhaps.");
        run.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public void When_nobody_says_anything_the_run_fails() =>
        new Simulation(new Debate(), Options, "Shall we?") { Child = _ => "!down" }.Run().Failure.Message.ShouldContain("down");
}
