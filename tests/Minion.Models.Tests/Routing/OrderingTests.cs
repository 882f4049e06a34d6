using Minion.Models.Routing;

namespace Minion.Models.Tests.Routing;

public sealed class OrderingTests
{
    private static readonly RequestNeeds Needs = new(1_000, 1_000, []);

    private static readonly Candidate[] All =
    [
        Make("tiny", ModelTier.LocalSmall, price: 0, seconds: 0.2),
        Make("mini", ModelTier.Moderate, price: 1, seconds: 0.5),
        Make("swift", ModelTier.Moderate, price: 2, seconds: 0.1),
        Make("large", ModelTier.Complex, price: 5, seconds: 1),
        Make("best", ModelTier.Expert, price: 30, seconds: 3),
    ];

    [Theory]
    [InlineData("cheapest", "moderate", "mini swift large best tiny")]
    [InlineData("cheapest", "local-small", "tiny mini swift large best")]
    [InlineData("cheapest", "complex", "large best mini swift tiny")]
    [InlineData("fastest", "moderate", "swift mini large best tiny")]
    [InlineData("quality", "moderate", "best large swift mini tiny")]
    [InlineData("quality", "expert", "best large mini swift tiny")]
    public void Good_ones_come_by_the_policy_then_smaller_ones_from_the_largest(string policy, string tier, string order) =>
        Order(All, policy, tier).ShouldBe(order);

    [Fact]
    public void What_is_broken_comes_last_among_those_that_are_good_enough() =>
        Order([.. All.Select(c => c.Name == "mini" ? c with { Health = new(true, null) } : c)], "cheapest", "moderate").ShouldBe("swift large best mini tiny");

    [Fact]
    public void One_whose_speed_is_not_known_is_asked_first_so_that_it_becomes_known() =>
        Order([.. All, Make("new", ModelTier.Moderate, 9, null)], "fastest", "moderate").ShouldStartWith("new swift");

    [Fact]
    public void Weights_say_how_often_each_is_asked_first()
    {
        var random = new Random(17);
        var firsts = Enumerable.Range(0, 20_000)
            .CountBy(_ => Ordering.Order(All, "weighted", ModelTier.Moderate, Needs, new Dictionary<string, double> { ["mini"] = 6, ["swift"] = 3, ["best"] = 0 }, "", random.NextDouble)[0].Name)
            .ToDictionary();

        (firsts["mini"] / 20_000.0).ShouldBe(0.6, 0.02);
        (firsts["swift"] / 20_000.0).ShouldBe(0.3, 0.02);
        (firsts["large"] / 20_000.0).ShouldBe(0.1, 0.02);
        firsts.ShouldNotContainKey("best");
    }

    [Fact]
    public void A_session_keeps_its_model_and_sessions_are_spread()
    {
        var firsts = Enumerable.Range(0, 400).Select(i => Sticky(All, $"session {i}")).ToList();

        firsts.ShouldBe(Enumerable.Range(0, 400).Select(i => Sticky([.. All.Reverse()], $"session {i}")));
        firsts.CountBy(f => f).ShouldAllBe(f => f.Value > 60);

        var without = Enumerable.Range(0, 400).Select(i => Sticky([.. All.Where(c => c.Name != "swift")], $"session {i}")).ToList();
        firsts.Zip(without).Where(p => p.First != "swift").ShouldAllBe(p => p.First == p.Second);

        static string Sticky(Candidate[] all, string session) => Ordering.Order(all, "sticky", ModelTier.Moderate, Needs, null, session, () => 0)[0].Name;
    }

    [Fact]
    public void After_a_failure_other_providers_come_first()
    {
        Candidate[] left = [Make("b", ModelTier.Moderate, 1, 1, "openai"), Make("c", ModelTier.Moderate, 1, 1, "groq")];

        Ordering.OthersFirst(left, Make("a", ModelTier.Moderate, 1, 1, "openai")).Select(c => c.Name).ShouldBe(["c", "b"]);
    }

    [Theory]
    [InlineData(3_000, 2_000, "tokens do not fit")]
    [InlineData(100, 100, null)]
    public void A_request_must_fit_into_the_window(long input, long output, string? misfit)
    {
        var why = (All[0] with { Definition = All[0].Definition with { ContextWindow = 4_000 } }).Misfit(new RequestNeeds(input, output, []));

        (misfit is null ? why is null : why!.Contains(misfit, StringComparison.Ordinal)).ShouldBeTrue(why);
    }

    [Fact]
    public void A_model_without_what_the_request_needs_does_not_fit_and_one_of_which_nobody_knows_does()
    {
        var needs = new RequestNeeds(1, 1, [ModelCapabilities.Tools, ModelCapabilities.Vision]);

        (All[0] with { Capabilities = new HashSet<string> { "tools" } }).Misfit(needs).ShouldBe("it has no vision");
        (All[0] with { Capabilities = null }).Misfit(needs).ShouldBeNull();
    }

    private static string Order(IReadOnlyList<Candidate> candidates, string policy, string tier) =>
        string.Join(' ', Ordering.Order(candidates, policy, ModelTiers.Find(tier)!.Value, Needs, null, "", () => 0.5).Select(c => c.Name));

    private static Candidate Make(string name, ModelTier tier, decimal price, double? seconds, string provider = "openai-compatible") => new(
        name,
        new ModelDefinition { Name = name, Provider = provider, Model = name, Price = new ModelPrice { Input = price, Output = price } },
        tier,
        null,
        new CandidateHealth(false, seconds is { } s ? TimeSpan.FromSeconds(s) : null));
}
