using System.Globalization;
using Minion.Orchestration.Schedules.Cron;

namespace Minion.Orchestration.Tests.Schedules;

public sealed class ZonedCronTests
{
    // Berlin 2026: 29 March 02:00 becomes 03:00 (01:00 UTC); 25 October 03:00 becomes 02:00 (01:00 UTC).
    [Theory]
    [InlineData("0 30 2 * * ?", "Europe/Berlin", "2026-03-28T00:00Z", "2026-03-28T01:30Z 2026-03-29T01:00Z 2026-03-30T00:30Z")]
    [InlineData("0 0,30 2 * * ?", "Europe/Berlin", "2026-03-28T02:00Z", "2026-03-29T01:00Z 2026-03-30T00:00Z 2026-03-30T00:30Z")]
    [InlineData("0 0 3 * * ?", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z 2026-03-30T01:00Z")]
    [InlineData("0 30 2 * * ?", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z")]
    [InlineData("0 0 3 * * ?", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T02:00Z 2026-10-26T02:00Z")]
    [InlineData("0 */30 * * * ?", "Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T00:30Z 2026-03-29T01:00Z 2026-03-29T01:30Z")]
    [InlineData("0 15,45 1-3 * * ?", "Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T00:15Z 2026-03-29T00:45Z 2026-03-29T01:15Z")]
    [InlineData("0 30 * * * ?", "Europe/Berlin", "2026-10-24T23:40Z", "2026-10-25T00:30Z 2026-10-25T01:30Z 2026-10-25T02:30Z")]
    [InlineData("0 0 12 * * ?", "America/New_York", "2026-03-07T12:00Z", "2026-03-07T17:00Z 2026-03-08T16:00Z")]
    [InlineData("0 0 9 1 1 ?", "Asia/Kathmandu", "2026-06-01T00:00Z", "2027-01-01T03:15Z")]
    [InlineData("0 15 2 * * ?", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-03T15:30Z 2026-10-04T15:15Z")]
    [InlineData("0 0 0 30 12 ?", "Pacific/Apia", "2011-06-01T00:00Z", "2011-12-30T10:00Z 2012-12-29T10:00Z")]
    [InlineData("0 0 12 ? 1 MON#1", "UTC", "2026-06-01T00:00Z", "2027-01-04T12:00Z")]
    public void Changes_of_the_clock_are_defined(string expression, string zone, string after, string expected)
    {
        var cron = new ZonedCron(CronExpression.Parse(expression, [])!, TimeZoneInfo.FindSystemTimeZoneById(zone));

        var at = Time(after);
        foreach (var next in expected.Split(' '))
        {
            at = cron.Next(at)!.Value;
            at.ShouldBe(Time(next));
        }
    }

    [Fact]
    public void A_rhythm_is_kept_through_a_whole_year_of_both_changes()
    {
        var cron = new ZonedCron(CronExpression.Parse("0 */30 * * * ?", [])!, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        var at = Time("2026-01-01T00:00Z");
        for (var i = 0; i < 2 * 24 * 365; i++)
        {
            var next = cron.Next(at)!.Value;
            (next - at).ShouldBe(TimeSpan.FromMinutes(30));
            at = next;
        }
    }

    [Fact]
    public void A_time_of_day_fires_once_each_day_of_a_year()
    {
        foreach (var hour in Enumerable.Range(0, 24))
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
            var cron = new ZonedCron(CronExpression.Parse($"0 0 {hour} * * ?", [])!, zone);

            var days = new HashSet<DateTime>();
            for (var at = cron.Next(Time("2018-01-01T03:00Z")); at < Time("2019-01-01T02:00Z"); at = cron.Next(at.Value))
            {
                days.Add(TimeZoneInfo.ConvertTime(at.Value, zone).Date).ShouldBeTrue();
            }

            days.Count.ShouldBeInRange(364, 365);
        }
    }

    [Fact]
    public void A_fraction_of_a_second_does_not_matter()
    {
        var cron = new ZonedCron(CronExpression.Parse("* * * * * ?", [])!, TimeZoneInfo.Utc);

        cron.Next(Time("2026-01-01T00:00Z").AddMilliseconds(1)).ShouldBe(Time("2026-01-01T00:00Z").AddSeconds(1));
        cron.Next(Time("2026-01-01T00:00Z").AddTicks(-1)).ShouldBe(Time("2026-01-01T00:00Z"));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
