using System.Globalization;
using Minion.Orchestration.Schedules.Cron;

namespace Minion.Orchestration.Tests.Schedules;

public sealed class CronExpressionTests
{
    [Theory]
    // The examples of Quartz's tutorial, and each of its signs.
    [InlineData("0 0 12 * * ?", "2026-01-31 12:00:00", "2026-01-31 12:00:00", "2026-02-01 12:00:00")]
    [InlineData("0 15 10 ? * *", "2026-01-31 10:15:01", "2026-02-01 10:15:00", "2026-02-02 10:15:00")]
    [InlineData("0 15 10 * * ? 2027", "2026-01-31 00:00:00", "2027-01-01 10:15:00", "2027-01-02 10:15:00")]
    [InlineData("0 * 14 * * ?", "2026-01-31 14:58:30", "2026-01-31 14:59:00", "2026-02-01 14:00:00")]
    [InlineData("0 0/5 14,18 * * ?", "2026-01-31 14:51:00", "2026-01-31 14:55:00", "2026-01-31 18:00:00")]
    [InlineData("0 0-5 14 * * ?", "2026-01-31 14:04:01", "2026-01-31 14:05:00", "2026-02-01 14:00:00")]
    [InlineData("0 10,44 14 ? 3 WED", "2026-01-31 00:00:00", "2026-03-04 14:10:00", "2026-03-04 14:44:00")]
    [InlineData("0 15 10 ? * MON-FRI", "2026-01-30 11:00:00", "2026-02-02 10:15:00", "2026-02-03 10:15:00")]
    [InlineData("0 15 10 15 * ?", "2026-01-31 00:00:00", "2026-02-15 10:15:00", "2026-03-15 10:15:00")]
    [InlineData("0 15 10 L * ?", "2026-01-31 11:00:00", "2026-02-28 10:15:00", "2026-03-31 10:15:00")]
    [InlineData("0 15 10 L-2 * ?", "2026-01-31 11:00:00", "2026-02-26 10:15:00", "2026-03-29 10:15:00")]
    [InlineData("0 15 10 ? * 6L", "2026-01-31 11:00:00", "2026-02-27 10:15:00", "2026-03-27 10:15:00")]
    [InlineData("0 15 10 ? * FRIL 2028", "2026-01-31 11:00:00", "2028-01-28 10:15:00", "2028-02-25 10:15:00")]
    [InlineData("0 15 10 ? * 6#3", "2026-01-31 11:00:00", "2026-02-20 10:15:00", "2026-03-20 10:15:00")]
    [InlineData("0 15 10 ? * MON#5", "2026-01-31 11:00:00", "2026-03-30 10:15:00", "2026-06-29 10:15:00")]
    [InlineData("0 0 12 1/5 * ?", "2026-01-31 13:00:00", "2026-02-01 12:00:00", "2026-02-06 12:00:00")]
    [InlineData("0 11 11 11 11 ?", "2026-11-11 11:11:01", "2027-11-11 11:11:00", "2028-11-11 11:11:00")]
    [InlineData("0 0 9 15W * ?", "2026-01-31 00:00:00", "2026-02-16 09:00:00", "2026-03-16 09:00:00")]
    [InlineData("0 0 9 1W * ?", "2026-07-31 10:00:00", "2026-08-03 09:00:00", "2026-09-01 09:00:00")]
    [InlineData("0 0 9 LW * ?", "2026-01-31 10:00:00", "2026-02-27 09:00:00", "2026-03-31 09:00:00")]
    [InlineData("0 0 9 31W * ?", "2026-02-01 10:00:00", "2026-03-31 09:00:00", "2026-05-29 09:00:00")]
    [InlineData("0 0 0 29 2 ?", "2026-01-31 10:00:00", "2028-02-29 00:00:00", "2032-02-29 00:00:00")]
    [InlineData("*/20 59 23 31 DEC ?", "2026-12-31 23:59:21", "2026-12-31 23:59:40", "2027-12-31 23:59:00")]
    [InlineData("0 0 22-2 * * ?", "2026-01-31 22:30:00", "2026-01-31 23:00:00", "2026-02-01 00:00:00")]
    [InlineData("0 0 0 ? * FRI-MON", "2026-02-02 00:00:01", "2026-02-06 00:00:00", "2026-02-07 00:00:00")]
    [InlineData("0 0 0 ? jan,Jul sun", "2026-01-31 10:00:00", "2026-07-05 00:00:00", "2026-07-12 00:00:00")]
    [InlineData("0 /15 8 * * ?", "2026-01-31 08:01:00", "2026-01-31 08:15:00", "2026-01-31 08:30:00")]
    [InlineData("0 0 0 1,15,L * ?", "2026-01-31 00:00:01", "2026-02-01 00:00:00", "2026-02-15 00:00:00")]
    [InlineData("0 0 0 ? * L", "2026-01-30 10:00:00", "2026-01-31 00:00:00", "2026-02-07 00:00:00")]
    public void The_next_times_are(string expression, string from, string first, string second)
    {
        var cron = Parse(expression);

        var next = cron.Next(Time(from))!.Value;
        next.ShouldBe(Time(first));
        cron.Next(next.AddSeconds(1)).ShouldBe(Time(second));
    }

    [Theory]
    [InlineData("0 0 0 30 2 ?")]
    [InlineData("0 0 0 ? 2 ? 2025", false)]
    [InlineData("0 0 0 1 1 ? 2025")]
    [InlineData("0 0 0 ? 2 MON#5 2026")]
    public void There_may_be_no_next_time(string expression, bool isValid = true)
    {
        if (isValid)
        {
            Parse(expression).Next(new DateTime(2026, 1, 31)).ShouldBeNull();
        }
        else
        {
            Problems(expression).ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("", "has 0 fields")]
    [InlineData("0 0 12 * *", "0 0 0 12 * ?")]
    [InlineData("0 0 12 * * ? 2026 x", "has 8 fields")]
    [InlineData("60 0 12 * * ?", "seconds: '60'")]
    [InlineData("0 -1 12 * * ?", "minutes: '-1'")]
    [InlineData("0 0 24 * * ?", "hours: '24'")]
    [InlineData("0 0 12 0 * ?", "day of month: '0'")]
    [InlineData("0 0 12 32W * ?", "day of month: '32W'")]
    [InlineData("0 0 12 L-31 * ?", "day of month: 'L-31'")]
    [InlineData("0 0 12 ? 13 MON", "month: '13'")]
    [InlineData("0 0 12 ? * 8", "day of week: '8'")]
    [InlineData("0 0 12 ? * MON#6", "day of week: 'MON#6'")]
    [InlineData("0 0 12 ? * XL", "day of week: 'XL'")]
    [InlineData("0 0 12 ? * ?", "both '?'")]
    [InlineData("0 0 12 1 * MON", "both given")]
    [InlineData("0 */0 12 * * ?", "minutes: '*/0' has no step")]
    [InlineData("0 0/61 12 * * ?", "has no step from 1 to 60")]
    [InlineData("0 0 12 * * ? 1969", "year: '1969'")]
    [InlineData("0 0 12 * * ? 2030-2029", "ends before it begins")]
    [InlineData("0 1,,2 12 * * ?", "minutes: ''")]
    [InlineData("0 1--2 12 * * ?", "minutes: '1--2'")]
    [InlineData("0 ٣ 12 * * ?", "minutes: '٣'")]
    [InlineData("0 99999999999 12 * * ?", "minutes: '99999999999'")]
    [InlineData("? 0 12 * * ?", "seconds: '?'")]
    public void What_is_wrong_is_said(string expression, string expected) => Problems(expression).ShouldContain(p => p.Contains(expected));

    [Fact]
    public void All_that_is_wrong_is_said_at_once() => Problems("60 60 24 32 13 ? 1").Count.ShouldBe(6);

    [Fact]
    public void A_long_text_is_refused_and_not_read() => Problems(new string('1', 100_000)).ShouldHaveSingleItem().ShouldContain("at most 200");

    private static List<string> Problems(string expression)
    {
        var problems = new List<string>();
        CronExpression.Parse(expression, problems).ShouldBeNull();
        return problems;
    }

    private static CronExpression Parse(string expression)
    {
        var problems = new List<string>();
        var parsed = CronExpression.Parse(expression, problems);
        problems.ShouldBeEmpty();
        return parsed!;
    }

    private static DateTime Time(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
