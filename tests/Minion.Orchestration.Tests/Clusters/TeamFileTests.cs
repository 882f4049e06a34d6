using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters;
using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Clusters;

public sealed class TeamFileTests
{
    [Fact]
    public void A_team_is_an_agent_whose_behaviour_has_options()
    {
        var file = Files.Read(Team("behaviour: { pipeline: { stages: [a, { agent: b, input: 'Go on: {{previous}}', retries: 2 }] } }"));

        file.Problems.InOrder.ShouldBeEmpty();
        var team = file.File!.Agents[^1].Definition;
        (team.Name, team.Behaviour).ShouldBe(("t", "pipeline"));
        team.BehaviourOptions.ShouldBe("""{"stages":["a",{"agent":"b","input":"Go on: {{previous}}","retries":2}]}""");
    }

    [Theory]
    [InlineData("behaviour: { pipeline: { stages: [a], stage: 1 } }", "behaviour.pipeline.stage: there is no such key. Did you mean 'stages'?")]
    [InlineData("behaviour: { pipeline: {} }", "behaviour.pipeline.stages: is missing")]
    [InlineData("behaviour: { pipeline: { stages: [{ prompt: x }] } }", "behaviour.pipeline.stages[0]: is no agent")]
    [InlineData("behaviour: { pipeline: { stages: [{ agent: a, input: '{{stages.later.output}}' }, { name: later, agent: a }] } }", "behaviour.pipeline.stages[0].input: has {{stages.later.output}}, but no stage 'later' comes before it")]
    [InlineData("behaviour: { pipeline: { stages: [{ agent: a, input: '{{stage.x}}' }] } }", "behaviour.pipeline.stages[0].input: has '{{stage.x}}', which means nothing here; there is: {{input}}, {{previous}}, {{stages.NAME.output}}")]
    [InlineData("behaviour: { pipeline: { stages: [a, a] } }", "behaviour.pipeline.stages[1]: is a second stage called 'a'")]
    [InlineData("behaviour: { pipeline: { stages: [{ agent: a, retries: 9, timeout: 1ms, on_failure: pray }] } }", "behaviour.pipeline.stages[0].retries: must be a whole number from 0 to 5, not '9'")]
    [InlineData("behaviour: { flow: { stages: [{ agent: a, prompt: x }] } }", "behaviour.flow.stages[0]: has agent and prompt; a stage has one of them")]
    [InlineData("behaviour: { flow: { stages: [{ agent: a, when: { matches: '(?=x)' } }] } }", "behaviour.flow.stages[0].when.matches: is not a pattern that can be used here")]
    [InlineData("behaviour: { flow: { stages: [{ agent: a, when: { value: x } }] } }", "behaviour.flow.stages[0].when: is no condition")]
    [InlineData("behaviour: { flow: { stages: [{ map: '{{input}}' }] } }", "behaviour.flow.stages[0].do: is missing")]
    [InlineData("behaviour: { flow: { stages: [{ parallel: [{ name: x, agent: a }, { agent: b, input: '{{stages.x.output}}' }] }] } }", "no stage 'x' comes before it")]
    [InlineData("behaviour: { flow: { stages: [{ choose: [{ do: a }] }] } }", "behaviour.flow.stages[0].choose[0].when: is missing")]
    [InlineData("behaviour: { reviewer: { rounds: 0 } }", "behaviour.reviewer.rounds: must be a whole number from 1 to 20")]
    [InlineData("behaviour: { router: { routes: [{ agent: a }] } }", "behaviour.router.routes[0]: is never taken")]
    [InlineData("behaviour: { router: {} }", "behaviour.router.routes: is missing")]
    [InlineData("behaviour: { director: { members: [a, a], max_tasks: 10000 } }", "behaviour.director.max_tasks: must be a whole number from 1 to 200, not '10000'")]
    [InlineData("behaviour: director", "behaviour.director.members: is missing")]
    [InlineData("behaviour: { director: [a] }", "behaviour.director: must be a mapping of options")]
    [InlineData("behaviour: { direct: { a: 1 } }", "behaviour.direct.a: there is no such key. This behaviour takes no options")]
    [InlineData("behaviour: { direct: {}, react: {} }", "behaviour: must be a name, or a mapping with one key")]
    [InlineData("behaviour: { dance: {} }", "behaviour: must be one of direct, react, plan-execute, director, pipeline, flow, reviewer, router, debate, not 'dance'")]
    [InlineData("behaviour: { pipeline: { stages: [a] } }\ntools: [calculator]", "tools: the behaviour pipeline calls no tools")]
    public void Options_that_are_wrong_are_explained_with_their_place(string lines, string expected) =>
        Files.ErrorsOf(Team(lines)).ShouldContain(e => e.Contains("teams[0]." + expected) || e.Contains(expected));

    [Fact]
    public void All_errors_of_options_are_found_at_once() =>
        Files.ErrorsOf(Team("behaviour: { flow: { stages: [{ agent: a, retries: 9, timeout: 1ms, on_failure: pray, x: 1 }], max_parallel: 0 } }")).Count.ShouldBe(5);

    [Fact]
    public void Members_must_exist_and_no_team_may_contain_itself()
    {
        Problems(
            """
            teams:
              - { name: x, behaviour: { pipeline: { stages: [y, riter] } } }
              - { name: y, behaviour: { router: { routes: [ { agent: z, description: d } ], otherwise: y } }, model: m }
              - { name: z, behaviour: { director: { members: [ x ] } }, model: m }
            """).ShouldBe([
            "teams[0].behaviour.pipeline.stages[0]: 'x' contains itself: x → y → z → x",
            "teams[0].behaviour.pipeline.stages[1]: there is no agent 'riter'. Did you mean 'writer'? A member is an agent or a team of this file or of the tenant",
            "teams[1].behaviour.router.routes[0].agent: 'y' contains itself: y → z → x → y",
            "teams[1].behaviour.router.otherwise: 'y' contains itself",
            "teams[2].behaviour.director.members[0]: 'z' contains itself: z → x → y → z",
        ]);
    }

    [Fact]
    public void A_team_needs_a_model_only_when_its_behaviour_calls_one()
    {
        Problems("teams:\n  - { name: x, behaviour: { pipeline: { stages: [writer] } } }").ShouldBeEmpty();
        Problems("teams:\n  - { name: x, behaviour: { director: { members: [writer] } } }").ShouldHaveSingleItem().ShouldContain("model");
    }

    [Fact]
    public void An_agent_that_a_team_of_another_file_uses_is_not_removed()
    {
        static AgentVersion Stored(string name, string cluster, string behaviour = "react", string options = "") => new(
            Guid.Empty, name, 1, AgentStatus.Active, new AgentDefinition { Name = name, Behaviour = behaviour, BehaviourOptions = options }, cluster, default, default);
        var reading = Files.Read(Team("behaviour: { pipeline: { stages: [a] } }"));
        MemberReferences.Check(
            reading.File!,
            [Stored("gone", "c"), Stored("other", "d", "pipeline", """{"stages":["gone"]}""")],
            BehaviourRegistry.BuiltIn,
            reading.Problems);

        reading.Problems.InOrder.ShouldHaveSingleItem().Message.ShouldContain("'gone' is no longer declared here, but the team 'other' uses it");
    }

    [Fact]
    public void A_team_and_an_agent_cannot_have_the_same_name() =>
        Problems("teams:\n  - { name: writer, behaviour: { pipeline: { stages: [writer] } } }").ShouldContain(p => p.Contains("is used twice"));

    private static List<string> Problems(string lines)
    {
        var reading = Files.Read("apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: c }\nmodels:\n  - { name: m, provider: scripted, script: { otherwise: x } }\nagents:\n  - { name: writer, model: m }\n" + lines);
        ClusterPlan.Make(reading.File!, [], [], [], tools: null, BehaviourRegistry.BuiltIn, reading.Problems);
        return [.. reading.Problems.InOrder.Select(p => $"{p.Path}: {p.Message}")];
    }

    private static string Team(string lines) =>
        "apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: c }\nagents:\n  - name: a\n  - name: b\nteams:\n  - name: t\n    " + lines.Replace("\n", "\n    ") + "\n";
}
