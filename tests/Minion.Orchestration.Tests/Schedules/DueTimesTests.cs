using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Schedules;

namespace Minion.Orchestration.Tests.Schedules;

public sealed class DueTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_time_that_is_on_time_fires_whatever_the_policy()
    {
        foreach (var policy in System.Enum.GetValues<MissedPolicy>())
        {
            var due = Of(Hourly(policy), Start, Start.AddSeconds(2));
            due.Fire.ShouldBe([Start]);
            due.Next.ShouldBe(Start.AddHours(1));
        }
    }

    [Theory]
    [InlineData(MissedPolicy.Skip, 0)]
    [InlineData(MissedPolicy.Once, 1)]
    [InlineData(MissedPolicy.All, 11)]
    public void Missed_ones_fire_as_the_policy_says(MissedPolicy policy, int expected)
    {
        var due = Of(Hourly(policy), Start, Start.AddHours(10.5));

        due.Fire.Count.ShouldBe(expected);
        due.Fire.ShouldBe(Enumerable.Range(11 - expected, expected).Select(h => Start.AddHours(h)));
        due.Next.ShouldBe(Start.AddHours(11));
    }

    [Fact]
    public void Of_too_many_missed_ones_the_last_fire_and_years_of_seconds_are_not_counted()
    {
        var definition = new ScheduleDefinition { Cron = "* * * * * ?", Missed = MissedPolicy.All, MaxMissed = 5 };

        var due = Of(definition, Start.AddYears(-20), Start);

        due.Fire.Take(5).ShouldBe(Enumerable.Range(-65, 5).Select(s => Start.AddSeconds(s)));
        due.Fire.Count.ShouldBe(5 + 61);
        due.Fire.ShouldBeInOrder();
        due.Fire.ShouldBeUnique();
    }

    [Fact]
    public void Rare_times_are_found_however_long_ago()
    {
        var definition = new ScheduleDefinition { Cron = "0 0 0 29 2 ?", Missed = MissedPolicy.Once };

        Of(definition, new DateTimeOffset(2016, 2, 29, 0, 0, 0, TimeSpan.Zero), Start).Fire.ShouldBe([new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.Zero)]);
    }

    [Fact]
    public void A_missed_single_time_fires_unless_it_is_to_be_skipped()
    {
        var once = new ScheduleDefinition { At = Timestamp.FromDateTimeOffset(Start) };

        Of(once, Start, Start.AddDays(3)).ShouldSatisfyAllConditions(due => due.Fire.ShouldBe([Start]), due => due.Next.ShouldBeNull());
        once.Missed = MissedPolicy.Skip;
        Of(once, Start, Start.AddDays(3)).ShouldSatisfyAllConditions(due => due.Fire.ShouldBeEmpty(), due => due.Next.ShouldBeNull());
    }

    [Fact]
    public void Intervals_count_from_the_anchor_and_keep_to_their_bounds()
    {
        var definition = new ScheduleDefinition
        {
            Every = Duration.FromTimeSpan(TimeSpan.FromMinutes(7)),
            StartsAt = Timestamp.FromDateTimeOffset(Start.AddMinutes(10)),
            EndsAt = Timestamp.FromDateTimeOffset(Start.AddMinutes(28)),
        };
        var times = new ScheduleTimes(definition, Start);

        times.After(Start).ShouldBe(Start.AddMinutes(14));
        times.After(Start.AddMinutes(14)).ShouldBe(Start.AddMinutes(21));
        times.After(Start.AddMinutes(21)).ShouldBe(Start.AddMinutes(28));
        times.After(Start.AddMinutes(28)).ShouldBeNull();
    }

    private static ScheduleDefinition Hourly(MissedPolicy policy) => new() { Cron = "0 0 * * * ?", Missed = policy };

    private static DueTimes Of(ScheduleDefinition definition, DateTimeOffset next, DateTimeOffset now) =>
        DueTimes.Of(new ScheduleTimes(definition, Start), definition, next, now, Tolerance);
}
