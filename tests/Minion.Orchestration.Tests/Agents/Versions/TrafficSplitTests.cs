using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents.Versions;

namespace Minion.Orchestration.Tests.Agents.Versions;

public sealed class TrafficSplitTests
{
    private static readonly Guid Agent = Guid.Parse("019a0000-0000-7000-8000-000000000001");

    [Fact]
    public void A_thousand_sessions_are_divided_as_the_shares_say_and_always_alike()
    {
        var split = Read((3, 90), (4, 10))!;

        var chosen = Keys(1000).ToDictionary(k => k, k => split.Choose(Agent, k));

        chosen.Values.Count(v => v == 4).ShouldBeInRange(70, 130);
        var turned = Read((4, 10), (3, 90))!;
        Keys(1000).ShouldAllBe(k => turned.Choose(Agent, k) == chosen[k]);
        TrafficSplit.Read(split.ToJson())!.Shares.ShouldBe(split.Shares);
    }

    [Fact]
    public void A_share_that_grows_keeps_what_it_had()
    {
        var (before, after) = (Read((3, 90), (4, 10))!, Read((3, 50), (4, 50))!);

        Keys(1000).Where(k => before.Choose(Agent, k) == 4).ShouldAllBe(k => after.Choose(Agent, k) == 4);
        Keys(1000).Count(k => after.Choose(Agent, k) == 4).ShouldBeInRange(440, 560);
    }

    [Fact]
    public void A_share_of_nothing_gets_nothing_and_another_agent_divides_otherwise()
    {
        var none = Read((3, 100), (4, 0))!;
        Keys(1000).ShouldAllBe(k => none.Choose(Agent, k) == 3);
        var half = Read((1, 50), (2, 50))!;
        Keys(1000).Count(k => half.Choose(Agent, k) == half.Choose(Guid.Empty, k)).ShouldBeInRange(400, 600);
    }

    [Theory]
    [InlineData("1=50", "makes 50 % together; it must be 100 %")]
    [InlineData("1=50 1=50", "version 1 is named twice")]
    [InlineData("0=100", "must be 1 or more")]
    [InlineData("1=-1 2=101", "from 0 to 100, not 101")]
    public void Shares_that_make_no_sense_are_refused(string shares, string expected)
    {
        var violations = new Violations();
        var given = shares.Split(' ').Select(s => s.Split('=')).Select(s => new TrafficShare { Version = int.Parse(s[0]), Percent = int.Parse(s[1]) });

        TrafficSplit.Read([.. given], violations);

        string.Join('\n', violations.Fields.Select(f => f.Message)).ShouldContain(expected);
    }

    private static IEnumerable<string> Keys(int count) => Enumerable.Range(0, count).Select(i => $"session {i}");

    private static TrafficSplit? Read(params (int Version, int Percent)[] shares) =>
        TrafficSplit.Read([.. shares.Select(s => new TrafficShare { Version = s.Version, Percent = s.Percent })], new Violations());
}
