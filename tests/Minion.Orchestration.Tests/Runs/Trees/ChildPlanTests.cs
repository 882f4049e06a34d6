using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Usage = Minion.Orchestration.Runs.Journal.Usage;

namespace Minion.Orchestration.Tests.Runs.Trees;

public sealed class ChildPlanTests
{
    private static readonly DateTimeOffset Now = Journals.Start.AddSeconds(100);

    [Fact]
    public void The_id_of_a_child_is_made_of_its_place()
    {
        var parent = new Guid("01890000-0000-7000-8000-000000000001");
        var id = ChildIds.Of(parent, 2, 1);

        id.ShouldBe(ChildIds.Of(parent, 2, 1));
        id.ToString()[..13].ShouldBe(parent.ToString()[..13]);
        id.Version.ShouldBe(8);
        new[] { ChildIds.Of(parent, 2, 0), ChildIds.Of(parent, 1, 2), ChildIds.Of(id, 2, 1) }.ShouldNotContain(id);
    }

    [Fact]
    public void What_is_left_is_shared_among_children_that_start_together()
    {
        var state = new Journals { Limits = new RunLimits(50, 1_000, 900, 1m) }.Add(1, 0, 1, new ModelAnswered("", [], "stop", "m", "p", "h", null), new Usage(150, 50, 1, 0, 0.2m)).Fold();
        var children = Make(Parent(state.Limits), state, ["a", "a"]);

        children.Select(c => c.Child!.Limits.MaxTokens).ShouldBe([400, 400]);
        children.Select(c => c.Child!.Limits.MaxCostUsd).ShouldBe([0.4m, 0.4m]);
        children[0].Child!.Limits.TimeoutSeconds.ShouldBe(720);
        children[0].Child!.Deadline.ShouldBe(Now.AddSeconds(720));
        children[0].Child!.Limits.MaxDepth.ShouldBe(4);
    }

    [Fact]
    public void What_open_children_were_given_is_not_given_again()
    {
        var journal = new Journals { Limits = new RunLimits(50, 1_000, 900) }
            .Add(1, 0, 0, new ChildStarted(Guid.NewGuid(), "a", "x", "") { MaxTokens = 700 });
        Make(Parent(journal.Limits), journal.Fold(), ["a"]).ShouldHaveSingleItem().Child!.Limits.MaxTokens.ShouldBe(300);
    }

    [Fact]
    public void A_child_may_not_more_than_its_own_agent_and_its_parent()
    {
        var agent = Agent("a");
        agent.Definition.Permissions.Add(["net.read", "files.write"]);
        agent.Definition.Limits = new Limits { MaxTokens = 10, MaxDepth = 2 };
        var child = Make(Parent(new RunLimits(50, 0, 900)), new Journals().Fold(), ["a"], agent).ShouldHaveSingleItem().Child!;

        child.Permissions.ShouldBe(["net.read"]);
        child.Limits.MaxTokens.ShouldBe(10);
        child.Limits.MaxDepth.ShouldBe(2);
    }

    [Theory]
    [InlineData(0, 50, 0, "max_depth")]
    [InlineData(5, 1, 0, "max_children")]
    [InlineData(5, 50, 15, "Nothing is left")]
    public void A_child_beyond_a_limit_is_a_failure(int depth, int children, long tokens, string message)
    {
        var journal = new Journals { Limits = new RunLimits(50, tokens, 900, 0, depth, children) }.Answer(1, "").Add(2, 0, 0, new ChildStarted(Guid.NewGuid(), "a", "x", ""));
        var (entry, child) = Make(Parent(journal.Limits), journal.Fold(), ["a"]).ShouldHaveSingleItem();

        child.ShouldBeNull();
        var failure = entry.Payload.ShouldBeOfType<ChildEnded>().Failure!;
        failure.Kind.ShouldBe("limit_exceeded");
        failure.Message.ShouldContain(message);
    }

    [Fact]
    public void An_agent_that_is_not_there_or_not_active_is_a_failure()
    {
        var idle = Agent("idle") with { Status = AgentStatus.Inactive };
        var plan = Make(Parent(new RunLimits(50, 0, 900)), new Journals().Fold(), ["gone", "idle"], idle);

        plan.Select(p => ((ChildEnded)p.Entry.Payload).Failure!.Kind).ShouldBe(["unknown_agent", "agent_not_active"]);
    }

    [Fact]
    public void A_start_that_was_made_before_makes_nothing()
    {
        var parent = Parent(new RunLimits(50, 0, 900));
        var journal = new Journals();
        var first = Make(parent, journal.Fold(), ["a"]).ShouldHaveSingleItem();
        Make(parent, journal.Add(first.Entry.Step, 0, 0, first.Entry.Payload).Fold(), ["a"]).ShouldBeEmpty();
    }

    private static List<(Minion.Orchestration.Runs.Journal.Entry Entry, ChildRun? Child)> Make(
        ClaimedRun parent, RunState state, string[] names, params AgentVersion[] agents)
    {
        var known = agents.Append(Agent("a")).DistinctBy(a => a.Name).ToDictionary(a => a.Name, a => (AgentVersion?)a);
        var decision = new StartChildren(7, [.. names.Select((n, i) => new ChildRequest(n, "do it", $"c{i}"))]);
        return ChildPlan.Make(parent, state, decision, known, allowed: null, BehaviourRegistry.BuiltIn, Now);
    }

    private static AgentVersion Agent(string name) =>
        new(Guid.NewGuid(), name, 1, AgentStatus.Active, new AgentDefinition { Name = name, Behaviour = "react" }, null, Now, Now);

    private static ClaimedRun Parent(RunLimits limits) => new()
    {
        Tenant = "default",
        Id = new Guid("01890000-0000-7000-8000-000000000001"),
        RootId = new Guid("01890000-0000-7000-8000-000000000001"),
        AgentId = Guid.Empty,
        Agent = "lead",
        AgentVersion = 1,
        Behaviour = "react@1",
        SessionId = null,
        FirstMessage = 0,
        LastMessage = 0,
        Principal = "user:ada",
        Permissions = ["net.*", "net.read"],
        Epoch = 1,
        NextSeq = 1,
        Limits = limits,
        Deadline = Journals.Start.AddSeconds(900),
        Input = "",
        CreatedAt = Journals.Start,
    };
}
