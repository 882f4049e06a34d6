using System.Text.Json;
using Minion.Orchestration.Runs.Behaviours.Planning;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

public sealed class PlanReaderTests
{
    private static readonly PlanRules Rules = new(["research", "writer"], 32, ["facts"]);

    [Fact]
    public void A_plan_is_read_from_between_the_sentences_of_an_answer_and_put_in_order()
    {
        var plan = PlanReader.Read(
            """
            Here is the plan:
            ```json
            {"tasks":[
              {"id":"text","agent":"writer","input":"Write from {{tasks.notes.output}}, and {{ leave this }}"},
              {"id":"notes","agent":"research","input":"Look it up","depends_on":["facts"]}]}
            ```
            """,
            Rules);

        plan.Errors.ShouldBeEmpty();
        plan.Tasks.Select(t => t.Id).ShouldBe(["notes", "text"]);
        plan.Tasks[1].After.ShouldBe(["notes"]);
    }

    [Fact]
    public void All_errors_are_named_at_once() => PlanReader.Read(
        """
        {"goal":"x","tasks":[
          {"id":"a","agent":"nobody","input":"x","depends_on":["b"]},
          {"id":"a","agent":"writer","input":""},
          {"id":"no good","agent":"writer","input":"x"},
          {"id":"c","agent":"writer","input":"x","depends_on":"a","wait":1},
          {"id":"facts","agent":"writer","input":"again"},
          7]}
        """,
        Rules).Errors.ShouldBe([
            "The plan has the unknown key 'goal'; only 'tasks' is allowed.",
            "tasks[0].agent is 'nobody', which is not one of the agents: research, writer.",
            "tasks[1].input must be a text that says something.",
            "tasks[2].id is 'no good'; an id has 1 to 40 letters, digits, hyphens and underscores.",
            "tasks[3] has the unknown key 'wait'; allowed are id, agent, input and depends_on.",
            "tasks[3].depends_on must be a list of ids of tasks.",
            "tasks[5] is no object.",
            "The task 'facts' is done already; leave it out, or give the new task another id.",
            "The task 'a' needs 'b', which is no task of the plan.",
        ]);

    [Theory]
    [InlineData("""[{"id":"a","depends_on":["a"]}]""", "a → a")]
    [InlineData("""[{"id":"a","depends_on":["c"]},{"id":"b","depends_on":["a"]},{"id":"c","depends_on":["b"]},{"id":"d"}]""", "a → c → b → a")]
    public void A_cycle_is_shown(string tasks, string cycle)
    {
        var plan = $$"""{"tasks":{{tasks.Replace("\"id\"", "\"agent\":\"writer\",\"input\":\"x\",\"id\"")}}}""";
        PlanReader.Read(plan, Rules).Errors.ShouldHaveSingleItem().ShouldContain(cycle);
    }

    [Fact]
    public void Ten_thousand_tasks_are_refused_with_one_error()
    {
        var tasks = Enumerable.Range(0, 10_000).Select(i => new { id = $"t{i}", agent = "nobody", input = "x" });

        PlanReader.Read(JsonSerializer.Serialize(new { tasks }), Rules).Errors.ShouldBe(["The plan has 10,000 tasks; at most 32 are allowed."]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("I would rather not.")]
    [InlineData("{\"tasks\":")]
    [InlineData("{\"tasks\":[],\"tasks\":[]}")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"tasks\":{}}")]
    [InlineData("{\"tasks\":[]}")]
    public void What_is_no_plan_is_refused(string text) => PlanReader.Read(text, Rules).Errors.ShouldHaveSingleItem();

    [Fact]
    public void Errors_are_bounded() =>
        PlanReader.Read(JsonSerializer.Serialize(new { tasks = Enumerable.Repeat(1, 32) }), Rules).Errors.Count.ShouldBe(31);
}
