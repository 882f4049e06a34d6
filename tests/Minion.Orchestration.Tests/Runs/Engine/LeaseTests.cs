using Minion.Orchestration.Runs.Engine;

namespace Minion.Orchestration.Tests.Runs.Engine;

public sealed class LeaseTests
{
    [Fact]
    public void A_lease_holds_from_when_its_last_heartbeat_was_sent()
    {
        var time = new ManualTime();
        var lease = new Lease(Guid.Empty, TimeSpan.FromSeconds(10), time);
        time.Advance(TimeSpan.FromSeconds(9));
        var sent = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(2));
        lease.Holds.ShouldBeFalse();
        lease.Renew(sent);
        lease.Holds.ShouldBeTrue();
        time.Advance(TimeSpan.FromSeconds(8));
        lease.Holds.ShouldBeFalse();
    }

    [Fact]
    public void A_process_that_lives_is_not_dead() => ProcessIdentity.IsDead(ProcessIdentity.Current).ShouldBeFalse();

    [Fact]
    public void A_process_that_has_ended_is_dead()
    {
        var parts = ProcessIdentity.Current.Split(' ');
        ProcessIdentity.IsDead($"{parts[0]} {parts[1]} {parts[2]} 1").ShouldBeTrue();
        ProcessIdentity.IsDead($"{parts[0]} {parts[1]} 999999999 {parts[3]}").ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("another-boot pid:[1] 1 1")]
    [InlineData("nonsense")]
    public void Nothing_is_said_of_processes_elsewhere(string identity) => ProcessIdentity.IsDead(identity).ShouldBeFalse();

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
