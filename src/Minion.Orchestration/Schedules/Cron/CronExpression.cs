using System.Numerics;

namespace Minion.Orchestration.Schedules.Cron;

/// <summary>
/// Quartz's cron expression: seconds, minutes, hours, day of month, month, day of week and, when given, year
/// (https://www.quartz-scheduler.net/documentation/quartz-3.x/tutorial/crontriggers.html). Knows wall-clock times only; <see cref="ZonedCron"/> knows zones.
/// </summary>
internal sealed class CronExpression
{
    private const int Longest = 200;
    private const int LastYear = 2099;

    private readonly ulong _seconds;
    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _months;
    private readonly CronDays _days;
    private readonly HashSet<int>? _years;

    private CronExpression(string[] fields, List<string> problems)
    {
        _seconds = Mask(CronField.Seconds.Parse(fields[0], problems));
        _minutes = Mask(CronField.Minutes.Parse(fields[1], problems));
        _hours = Mask(CronField.Hours.Parse(fields[2], problems));
        _days = CronDays.Parse(fields[3], fields[5], problems);
        _months = Mask(CronField.Month.Parse(fields[4], problems));
        _years = fields.Length == 7 && fields[6] != "*" ? CronField.Year.Parse(fields[6], problems) : null;
        RepeatsOverHours = fields[2].AsSpan().IndexOfAny("*-/") >= 0;
    }

    /// <summary>Whether it names its hours by a range or a step: such an expression means a rhythm, any other means times of the day.</summary>
    public bool RepeatsOverHours { get; }

    /// <summary>Null, with all that is wrong in <paramref name="problems"/>, when the text is no expression.</summary>
    public static CronExpression? Parse(string text, List<string> problems)
    {
        if (text.Length > Longest)
        {
            problems.Add($"has {text.Length} characters; at most {Longest} are allowed");
            return null;
        }

        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (6 or 7))
        {
            var unix = fields.Length == 5 ? $": it begins with the seconds, so perhaps '0 {string.Join(' ', fields[..4])} {(fields[4] is "*" ? "?" : fields[4])}' is meant" : "";
            problems.Add($"has {fields.Length} fields; six or seven are wanted (seconds minutes hours day-of-month month day-of-week [year]){unix}");
            return null;
        }

        var before = problems.Count;
        var expression = new CronExpression(fields, problems);
        return problems.Count == before ? expression : null;
    }

    /// <summary>The first time at <paramref name="from"/> or later, to the second; null when there is none until the end of 2099.</summary>
    public DateTime? Next(DateTime from)
    {
        from = from.Ticks % TimeSpan.TicksPerSecond == 0 ? from : from.AddTicks(TimeSpan.TicksPerSecond - from.Ticks % TimeSpan.TicksPerSecond);
        for (var year = from.Year; year <= LastYear; year++)
        {
            if (_years?.Contains(year) == false)
            {
                continue;
            }

            for (var month = First(_months, year == from.Year ? from.Month : 1); month <= 12; month = First(_months, month + 1))
            {
                var isFirst = year == from.Year && month == from.Month;
                ulong days = _days.In(year, month);
                for (var day = First(days, isFirst ? from.Day : 1); day <= 31; day = First(days, day + 1))
                {
                    var date = new DateTime(year, month, day);
                    if (InDay(isFirst && day == from.Day ? from.TimeOfDay : TimeSpan.Zero) is { } time)
                    {
                        return date + time;
                    }
                }
            }
        }

        return null;
    }

    private TimeSpan? InDay(TimeSpan from)
    {
        for (var hour = First(_hours, from.Hours); hour < 24; hour = First(_hours, hour + 1))
        {
            var sameHour = hour == from.Hours;
            for (var minute = First(_minutes, sameHour ? from.Minutes : 0); minute < 60; minute = First(_minutes, minute + 1))
            {
                var second = First(_seconds, sameHour && minute == from.Minutes ? from.Seconds : 0);
                if (second < 60)
                {
                    return new TimeSpan(hour, minute, second);
                }
            }
        }

        return null;
    }

    /// <summary>The lowest bit at <paramref name="from"/> or above; 64 when there is none.</summary>
    private static int First(ulong mask, int from) => from >= 64 ? 64 : BitOperations.TrailingZeroCount(mask & (ulong.MaxValue << from));

    private static ulong Mask(HashSet<int> numbers) => numbers.Aggregate(0ul, (mask, number) => mask | (1ul << number));
}
