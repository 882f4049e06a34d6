using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Engine.Failpoints;

namespace Minion.Orchestration.Tests.Runs.Engine.Failpoints;

public sealed class FailpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("minion-failpoints-").FullName;
    private int _kills;

    private string Armed => Path.Combine(_folder, "armed");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_process_is_killed_at_the_nth_hit_of_what_is_armed_and_at_no_other()
    {
        var trigger = Trigger();
        File.WriteAllText(Armed, "append.after.intent:2");

        trigger.Hit("append.before.intent");
        trigger.Hit("append.after.intent");
        _kills.ShouldBe(0);
        trigger.Hit("append.after.intent");
        _kills.ShouldBe(1);
        trigger.Hit("append.after.intent");
        _kills.ShouldBe(1);
    }

    [Fact]
    public void Hits_count_from_when_it_was_armed()
    {
        var trigger = Trigger();
        trigger.Hit("tool.after");
        File.WriteAllText(Armed, "tool.after:1");

        trigger.Hit("tool.after");
        _kills.ShouldBe(1);
    }

    [Fact]
    public void What_is_passed_is_recorded_in_order()
    {
        var trigger = Trigger();
        trigger.Hit("submit.before");
        trigger.Hit("submit.after");

        File.ReadAllLines(Armed + ".hits").ShouldBe(["submit.before", "submit.after"]);
    }

    [Fact]
    public void Failpoints_are_refused_unless_they_are_allowed_in_so_many_words()
    {
        var options = new FailpointOptions();

        options.Validate(name: null, new EngineOptions { FailpointFile = Armed }).FailureMessage!.ShouldContain("Engine:AllowFailpoints");
        options.Validate(name: null, new EngineOptions { FailpointFile = Armed, AllowFailpoints = true }).Succeeded.ShouldBeTrue();
        options.Validate(name: null, new EngineOptions()).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void Each_failpoint_has_a_name_of_its_own_and_says_what_it_means()
    {
        FailpointList.All.Select(f => f.Name).ShouldBeUnique();
        FailpointList.All.ShouldAllBe(f => f.Meaning.EndsWith('.'));
    }

    private FailpointTrigger Trigger() => new(Armed, () => _kills++);
}
