using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

public sealed class FlowTests
{
    [Fact]
    public void A_pipeline_hands_each_output_to_the_next_stage()
    {
        var run = Pipeline("""{"stages":["research","writer",{"agent":"editor","input":"Task {{input}}: {{stages.research.output}} / {{previous}}"}]}""");

        run.Started.ShouldBe([
            new("research", "the task", "research"),
            new("writer", "research did research", "writer"),
            new("editor", "Task the task: research did research / writer did writer", "editor"),
        ]);
        run.Output.ShouldBe("editor did editor");
    }

    [Fact]
    public void A_failed_stage_fails_the_run_with_its_reason_and_what_comes_after_is_not_begun()
    {
        var run = Pipeline("""{"stages":["a","b"]}""", c => "!no luck");

        run.Failure.ShouldBe(new Fail("broken", "no luck", "Mend it."));
        run.Labels.ShouldBe(["a"]);
    }

    [Fact]
    public void A_failed_stage_is_tried_again_as_often_as_it_says()
    {
        var left = 2;
        Pipeline("""{"stages":[{"agent":"a","retries":2}]}""", c => left-- > 0 ? "!no luck" : "at last").Output.ShouldBe("at last");
        Pipeline("""{"stages":[{"agent":"a","retries":1}]}""", c => "!no luck").Labels.ShouldBe(["a", "a"]);
    }

    [Theory]
    [InlineData("continue", "c did c", "[b failed: no luck]")]
    [InlineData("skip", "c did c", "a did a")]
    public void A_stage_may_fail_and_the_others_go_on(string policy, string output, string given)
    {
        var run = Pipeline($$"""{"stages":["a",{"agent":"b","on_failure":"{{policy}}"},"c"]}""", c => c.Agent == "b" ? "!no luck" : $"{c.Agent} did {c.Label}");

        run.Output.ShouldBe(output);
        run.Started[^1].Input.ShouldBe(given);
    }

    [Fact]
    public void A_stage_that_hangs_is_given_up_after_its_timeout()
    {
        var run = Pipeline("""{"stages":[{"agent":"a","timeout":"1m","on_failure":"skip"},"b"]}""", c => c.Agent == "a" ? null : "b is here");

        run.Output.ShouldBe("b is here");
        run.Decisions.OfType<Wait>().ShouldContain(w => w.Until == Journals.Start.AddSeconds(61));
    }

    [Fact]
    public void A_retry_begins_with_the_stage_that_failed()
    {
        var broken = true;
        var run = Pipeline("""{"stages":["a","b","c"]}""", c => c.Agent == "b" && broken ? "!no luck" : $"{c.Agent} did it");
        broken = false;

        run.Retry().Output.ShouldBe("c did it");
        run.Labels.ShouldBe(["a", "b", "b", "c"]);
    }

    [Fact]
    public void Parallel_stages_start_together_and_their_outputs_are_joined()
    {
        var run = Flow("""{"stages":[{"name":"both","parallel":["a","b"]},{"agent":"c","input":"{{previous}} | {{stages.a.output}}"}]}""");

        run.Decisions.OfType<StartChildren>().First().Children.Select(c => c.Label).ShouldBe(["a", "b"]);
        run.Started[^1].Input.ShouldBe("## a\n\na did a\n\n## b\n\nb did b | a did a");
    }

    [Fact]
    public void One_part_that_fails_does_not_take_the_others_with_it_and_all_of_them_do()
    {
        const string both = """{"stages":[{"parallel":["a","b"]}]}""";

        Flow(both, c => c.Agent == "a" ? "!no luck" : "fine").Output.ShouldBe("## a\n\n[a failed: no luck]\n\n## b\n\nfine");
        Flow(both, c => "!no luck").Failure.Message.ShouldContain("All parts");
    }

    [Fact]
    public void A_map_goes_over_the_list_that_a_stage_gave()
    {
        var run = Flow(
            """{"stages":["outline",{"name":"chapters","map":"{{previous}}","do":{"name":"write","agent":"writer","input":"{{index}}: {{item.title}}"},"join":"json"}],"max_parallel":2}""",
            c => c.Agent == "outline" ? "Here:\n```json\n{\"chapters\":[{\"title\":\"One\"},{\"title\":\"Two\"},{\"title\":\"Three\"}]}\n```" : c.Input.ToUpperInvariant());

        run.Labels.Order(StringComparer.Ordinal).ShouldBe(["chapters[0]/write", "chapters[1]/write", "chapters[2]/write", "outline"]);
        run.Output.ShouldBe("""["0: ONE","1: TWO","2: THREE"]""");
        run.MostRunning.ShouldBe(2);
    }

    [Theory]
    [InlineData("no list at all", "not_a_list")]
    [InlineData("[1,2,3]", "too_many_items")]
    public void A_map_refuses_what_is_no_list_or_too_long(string list, string reason) =>
        Flow("""{"stages":["a",{"map":"{{previous}}","max_items":2,"do":"b"}]}""", c => list).Failure.Reason.ShouldBe(reason);

    [Theory]
    [InlineData("""{"level":"high"}""", "oncall")]
    [InlineData("""{"level":"low"}""", "helpdesk")]
    [InlineData("nonsense", "helpdesk")]
    public void A_choice_takes_the_first_case_whose_condition_holds(string triage, string taken) => Flow(
        """
        {"stages":["triage",{"choose":[
          {"when":{"value":"{{stages.triage.output.level}}","equals":"high"},"do":{"agent":"oncall"}},
          {"otherwise":"helpdesk"}]}]}
        """,
        c => c.Agent == "triage" ? triage : "ok").Labels.ShouldBe(["triage", taken]);

    [Fact]
    public void A_stage_is_left_out_unless_its_conditions_hold()
    {
        var run = Flow(
            """
            {"stages":["a",
              {"agent":"b","when":{"matches":"^a\\b"}},
              {"agent":"c","when":[{"contains":["xyz","did"]},{"not":{"empty":true}}]},
              {"agent":"d","when":{"any":[{"equals":"nothing"},{"value":"{{stages.b.output}}","empty":true}]}}]}
            """);

        run.Labels.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void A_review_revises_until_it_accepts()
    {
        var run = Flow(
            """{"stages":[{"name":"text","review":{"writer":"writer","reviewer":"critic","criteria":"Be brief."}}]}""",
            c => c.Agent == "writer" ? c.Input.Contains("Review:") ? "second" : "first" : c.Input.Contains("second") ? "**Accepted.** Good." : "Too long.");

        run.Output.ShouldBe("second");
        run.Labels.ShouldBe(["text.1/draft", "text.1/review", "text.2/draft", "text.2/review"]);
        run.Started[1].Input.ShouldContain("Be brief.");
        run.Started[2].Input.ShouldContain("Too long.");
    }

    [Fact]
    public void A_review_ends_after_its_rounds()
    {
        const string review = """{"stages":[{"review":{"writer":"w","reviewer":"r","rounds":2,"on_refusal":"POLICY"}}]}""";
        Func<ChildRequest, string?> child = c => c.Agent == "w" ? "draft" : "no good";

        Flow(review.Replace("POLICY", "deliver"), child).Output.ShouldBe("draft");
        Flow(review.Replace("POLICY", "fail"), child).Failure.Reason.ShouldBe("not_accepted");
    }

    [Fact]
    public void A_reviewer_that_breaks_does_not_take_the_draft_with_it() =>
        Flow("""{"stages":[{"review":{"writer":"w","reviewer":"r"}}]}""", c => c.Agent == "w" ? "draft" : "!down").Output.ShouldBe("draft");

    [Fact]
    public void A_prompt_is_answered_by_the_own_model()
    {
        var run = Flow("""{"stages":["a",{"name":"sum","prompt":"Sum up: {{previous}}"}],"output":"Here: {{stages.sum.output}}"}""");

        run.Output.ShouldBe("Here: answer to sum");
        run.Calls.ShouldHaveSingleItem().Prompt![^1].ShouldBe(new PromptText("user", "Sum up: a did a"));
    }

    [Fact]
    public void Reviewer_without_agents_writes_and_reviews_with_its_own_model()
    {
        var run = new Simulation(new Reviewer(), "{}") { Model = (purpose, text) => purpose.EndsWith("review", StringComparison.Ordinal) ? text.Contains("better") ? "ACCEPTED" : "Make it better." : text.Contains("Review:") ? "better" : "good" }.Run();

        run.Output.ShouldBe("better");
        run.Calls.Select(c => (c.Purpose, c.WithTools)).ShouldBe([("text.1/draft", true), ("text.1/review", false), ("text.2/draft", true), ("text.2/review", false)]);
    }

    [Fact]
    public void Names_within_names_stay_short_enough_and_different()
    {
        var (a, b, c) = (new string('a', 63), new string('b', 63), new string('c', 63));
        var run = Flow(
            """{"stages":[{"agent":"x","name":"list"},{"name":"A","map":"{{stages.list.output}}","do":{"name":"B","map":"[1,2]","do":{"name":"C","review":{"writer":"w","reviewer":"r"}}}}]}"""
                .Replace("\"A\"", $"\"{a}\"").Replace("\"B\"", $"\"{b}\"").Replace("\"C\"", $"\"{c}\""),
            r => r.Agent == "x" ? "[1,2]" : "ACCEPTED");

        run.Labels.ShouldBeUnique();
        run.Labels.Count().ShouldBe(9);
        run.Labels.ShouldAllBe(l => l.Length <= 200);
    }

    [Fact]
    public void A_value_that_is_missing_fails_with_its_name() =>
        Flow("""{"stages":["a",{"agent":"b","input":"{{stages.a.output.title}}"}]}""").Failure.Message.ShouldContain("{{stages.a.output.title}}");

    private static Simulation Pipeline(string options, Func<ChildRequest, string?>? child = null) => Run(new Pipeline(), options, child);

    private static Simulation Flow(string options, Func<ChildRequest, string?>? child = null) => Run(new FlowBehaviour(), options, child);

    private static Simulation Run(IBehaviour behaviour, string options, Func<ChildRequest, string?>? child)
    {
        BehaviourCheck.Of(behaviour, options).Problems.ShouldBeEmpty();
        return (child is null ? new Simulation(behaviour, options) : new Simulation(behaviour, options) { Child = child }).Run();
    }
}
