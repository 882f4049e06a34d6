using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Stages;

namespace Minion.Orchestration.Tests.Sessions;

/// <summary>What of a session a run is given, from token counts alone.</summary>
public sealed class ContextPlanTests
{
    private static readonly ContextRecorded Plain = new(1, 20, "hash");

    [Fact]
    public void What_fits_is_given_in_full()
    {
        var plan = ContextPlan.Make(Plain, Messages(20, 10), Budget(maxTokens: 210));

        (plan.FirstMessage, plan.LastMessage, plan.Summarise, plan.Pinned).ShouldBe((1, 20, null, null));
        (plan.HistoryTokens, plan.BudgetTokens).ShouldBe((210, 210));
    }

    [Fact]
    public void What_does_not_fit_is_summarised_down_to_half_of_the_room()
    {
        var plan = ContextPlan.Make(Plain, Messages(20, 10), Budget(maxTokens: 209));

        var range = plan.Summarise.ShouldHaveSingleItem();
        range.First.ShouldBe(1);
        (20 - range.Last).ShouldBeInRange(2, 8);
    }

    [Fact]
    public void The_newest_are_kept_while_they_fit()
    {
        var plan = ContextPlan.Make(Plain, Messages(20, 10), Budget(maxTokens: 209) with { KeepLast = 12 });

        plan.Summarise!.Single().Last.ShouldBe(8);
    }

    [Fact]
    public void What_is_too_much_for_one_call_is_summarised_in_several()
    {
        var plan = ContextPlan.Make(Plain with { LastMessage = 100 }, Messages(100, 300), Budget(window: 4_000, maxTokens: 500));

        plan.Summarise!.Count.ShouldBeInRange(2, 8);
        plan.Summarise[0].First.ShouldBe(1);
        plan.Summarise.Zip(plan.Summarise.Skip(1)).ShouldAllBe(pair => pair.Second.First == pair.First.Last + 1);
        plan.SummarisedTokens.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_summary_goes_on_where_the_last_one_ended()
    {
        var session = Messages(20, 10) with { SummaryId = 3, SummaryThrough = 5, SummaryTokens = 20 };

        var plan = ContextPlan.Make(Plain, session, Budget(maxTokens: 100));

        (plan.SummaryId, plan.SummaryThrough, plan.FirstMessage).ShouldBe((3, 5, 6));
        plan.Summarise!.Single().First.ShouldBe(6);
    }

    [Fact]
    public void Whoever_undid_a_summary_has_the_whole_window()
    {
        var plan = ContextPlan.Make(Plain, Messages(20, 10) with { FullThrough = 12 }, Budget(maxTokens: 100));

        plan.Summarise.ShouldBeNull();
        plan.BudgetTokens.ShouldBeGreaterThan(1_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void Whatever_the_sizes_every_message_is_given_summarised_or_left_out(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var messages = Enumerable.Range(1, random.Next(1, 300)).Select(i => new MessageWeight(i, random.Next(4, 2_000), random.Next(20) == 0)).ToArray();
            var through = random.Next(0, 3) == 0 ? random.Next(0, messages.Length) : 0;
            var session = new SessionWeights([.. messages.Where(m => m.Seq > through || m.Pinned)], through > 0 ? 1 : 0, through, through > 0 ? 50 : 0);
            var budget = Budget(random.Next(512, 50_000), random.Next(0, 2) * random.Next(100, 20_000)) with { Summarise = random.Next(2) == 0, Input = random.Next(4, 1_000) };

            var plan = ContextPlan.Make(Plain with { LastMessage = messages.Length }, session, budget);

            var covered = plan.Summarise is { } ranges ? ranges[^1].Last : budget.Summarise ? through : plan.FirstMessage - 1;
            var given = messages.Where(m => m.Seq > covered || plan.Pinned?.Contains(m.Seq) == true).Select(m => m.Seq).ToHashSet();
            messages.Where(m => m.Pinned).ShouldAllBe(m => given.Contains(m.Seq));
            plan.Summarise?.Count.ShouldBeLessThanOrEqualTo(10);
            (messages.Length - covered).ShouldBeLessThanOrEqualTo(Math.Max(ContextPlan.MostMessages, 0));
        }
    }

    private static SessionWeights Messages(int count, long tokens) => new([.. Enumerable.Range(1, count).Select(i => new MessageWeight(i, tokens, Pinned: false))]);

    private static ContextBudget Budget(long window = 8_000, long maxTokens = 0) => new(window, Taken: 1_000, Input: 10, maxTokens, KeepLast: 2, Summarise: true);
}
