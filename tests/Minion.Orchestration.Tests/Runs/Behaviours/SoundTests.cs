using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

/// <summary>Behaviours that are wrong.</summary>
public sealed class SoundTests
{
    [Fact]
    public void One_that_throws_fails_the_run_with_what_it_threw()
    {
        var failure = new Simulation(new Lambda(_ => throw new InvalidOperationException("oh no")), "{}").Run().Failure;

        failure.Reason.ShouldBe("behaviour_failed");
        failure.Message.ShouldContain("oh no");
        failure.Message.ShouldContain("lambda@1");
    }

    [Fact]
    public void One_that_never_finishes_is_ended_by_the_limit_of_steps()
    {
        var run = new Simulation(new Lambda(s => new CallModel(s.Step + 1, WithTools: false) { Purpose = "again" }), "{}") { Limits = new(20, 0, 900) }.Run();

        run.Failure.Reason.ShouldBe("limit_exceeded");
        run.Calls.Count.ShouldBe(20);
    }

    [Fact]
    public void One_that_starts_children_for_ever_is_ended_by_the_limit_of_steps() =>
        new Simulation(new Lambda(s => new StartChildren(s.Step + 1, [new("a", "x", "x")])), "{}") { Limits = new(5, 0, 900) }.Run().Started.Count.ShouldBe(5);

    [Fact]
    public void One_that_only_waits_for_times_is_ended() =>
        new Simulation(new Lambda(s => new Wait { Until = s.Now.AddSeconds(1) }), "{}").Run().Failure.Message.ShouldContain("1000 times");

    public static TheoryData<Func<RunState, Decision?>, string> Wrong => new()
    {
        { _ => null, "decided nothing" },
        { s => new CallModel(s.Step, WithTools: false), "a call is a new step" },
        { s => new CallModel(s.Step + 1, WithTools: false) { Prompt = [] }, "empty prompt" },
        { s => new CallModel(s.Step + 1, WithTools: false) { Purpose = new string('x', 201) }, "purpose" },
        { s => new StartChildren(s.Step, [new("a", "x", "x")]), "a start is a new step" },
        { s => new StartChildren(s.Step + 1, []), "no children" },
        { s => new StartChildren(s.Step + 1, [.. Enumerable.Range(0, 501).Select(i => new ChildRequest("a", "x", $"{i}"))]), "at most 500" },
        { s => new StartChildren(s.Step + 1, [new("a", "x", "x"), new("b", "x", "x")]), "the same label" },
        { s => new StartChildren(s.Step + 1, [new("a", "", "x")]), "nothing to do" },
        { s => new StartChildren(s.Step + 1, [new("a", "x", "")]), "label" },
        { _ => new Wait(), "waits for nothing" },
        { s => new Wait { Until = s.Now }, "has passed" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void What_brings_the_run_no_further_ends_it(Func<RunState, Decision?> next, string expected)
    {
        var failure = new Simulation(new Lambda(next), "{}").Run().Failure;

        failure.Reason.ShouldBe("behaviour_stuck");
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public void Names_of_behaviours_are_checked_when_the_host_starts()
    {
        Should.Throw<InvalidOperationException>(() => new BehaviourRegistry([new Lambda(_ => null, "react@1")])).Message.ShouldContain("both called 'react@1'");
        Should.Throw<InvalidOperationException>(() => new BehaviourRegistry([new Lambda(_ => null, "Debate")])).Message.ShouldContain("name@version");
        var registry = new BehaviourRegistry([new Lambda(_ => null, "react@10"), new Lambda(_ => null, "react@9")]);
        registry.Newest("react")!.Name.ShouldBe("react@10");
        registry.Newest("")!.Name.ShouldBe("react@10");
        registry.Exact("react@1").ShouldBeOfType<React>();
    }

    private sealed class Lambda(Func<RunState, Decision?> next, string name = "lambda@1") : IBehaviour
    {
        public string Name => name;

        public Decision Next(RunState state) => next(state)!;
    }
}
