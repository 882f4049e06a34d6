namespace Minion.Orchestration.Schedules.Cron;

/// <summary>
/// The days of a month on which an expression fires: by day of month (<c>15</c>, <c>L</c>, <c>L-3</c>, <c>15W</c>, <c>LW</c>) or by day of week
/// (<c>MON-FRI</c>, <c>6L</c>, <c>6#3</c>).
/// </summary>
internal sealed class CronDays
{
    private const int Saturday = 7;

    private readonly HashSet<int> _days = [];
    private readonly HashSet<int> _weekdays = [];
    private readonly List<Func<Month, int>> _others = [];

    private CronDays()
    {
    }

    /// <summary>One of the two fields has to leave the day to the other, with <c>?</c> (or <c>*</c>).</summary>
    public static CronDays Parse(string ofMonth, string ofWeek, List<string> problems)
    {
        var days = new CronDays();
        if (ofMonth is "?" && ofWeek is "?")
        {
            problems.Add("day of month and day of week are both '?': only one of them can leave the day to the other");
        }
        else if (ofWeek is "?" or "*")
        {
            days.AddDaysOfMonth(ofMonth is "?" ? "*" : ofMonth, problems);
        }
        else if (ofMonth is "?" or "*")
        {
            days.AddDaysOfWeek(ofWeek, problems);
        }
        else
        {
            problems.Add("day of month and day of week are both given: put '?' in one of them");
        }

        return days;
    }

    /// <summary>Bit n is day n of the month.</summary>
    public uint In(int year, int number)
    {
        var month = new Month(year, number);
        var mask = 0u;
        for (var day = 1; day <= month.Last; day++)
        {
            if (_days.Contains(day) || _weekdays.Contains(month.DayOfWeek(day)))
            {
                mask |= 1u << day;
            }
        }

        foreach (var other in _others)
        {
            var day = other(month);
            mask |= day is 0 ? 0 : 1u << day;
        }

        return mask;
    }

    private void AddDaysOfMonth(string text, List<string> problems)
    {
        foreach (var part in text.ToUpperInvariant().Split(','))
        {
            var weekday = part.Length > 1 && part[^1] == 'W';
            var day = weekday ? part[..^1] : part;
            if (day == "L")
            {
                Add(m => m.Last);
            }
            else if (day.StartsWith("L-", StringComparison.Ordinal))
            {
                if (CronField.TryNumber(day[2..], out var before) && before is >= 1 and <= 30)
                {
                    Add(m => Math.Max(0, m.Last - before));
                }
                else
                {
                    problems.Add($"day of month: '{part}' has no number from 1 to 30 after 'L-'");
                }
            }
            else if (weekday)
            {
                if (CronField.TryNumber(day, out var exact) && exact is >= 1 and <= 31)
                {
                    Add(m => exact <= m.Last ? exact : 0);
                }
                else
                {
                    problems.Add($"day of month: '{part}' is not a day from 1 to 31, or L, before the 'W'");
                }
            }
            else
            {
                CronField.DayOfMonth.AddPart(day, _days, problems);
            }

            void Add(Func<Month, int> chosen) => _others.Add(weekday ? m => m.NearestWeekday(chosen(m)) : chosen);
        }
    }

    private void AddDaysOfWeek(string text, List<string> problems)
    {
        foreach (var part in text.ToUpperInvariant().Split(','))
        {
            var sharp = part.IndexOf('#', StringComparison.Ordinal);
            if (part == "L")
            {
                _weekdays.Add(Saturday);
            }
            else if (sharp >= 0)
            {
                if (CronField.DayOfWeek.TryValue(part[..sharp], out var day) && CronField.TryNumber(part[(sharp + 1)..], out var number) && number is >= 1 and <= 5)
                {
                    _others.Add(m => m.Nth(day, number));
                }
                else
                {
                    problems.Add($"day of week: '{part}' is not a day, '#', and a number from 1 to 5, such as FRI#3");
                }
            }
            else if (part.Length > 1 && part[^1] == 'L')
            {
                if (CronField.DayOfWeek.TryValue(part[..^1], out var day))
                {
                    _others.Add(m => m.LastOf(day));
                }
                else
                {
                    problems.Add($"day of week: '{part}' is not a day before the 'L', such as FRIL");
                }
            }
            else
            {
                CronField.DayOfWeek.AddPart(part, _weekdays, problems);
            }
        }
    }

    /// <summary>A month of the calendar; 0 is no day.</summary>
    private readonly record struct Month(int Year, int Number)
    {
        public int Last => DateTime.DaysInMonth(Year, Number);

        /// <summary>1 is Sunday.</summary>
        public int DayOfWeek(int day) => (int)new DateTime(Year, Number, day).DayOfWeek + 1;

        /// <summary>The weekday (Monday to Friday) of this month that is nearest to the day.</summary>
        public int NearestWeekday(int day) => day == 0 ? 0 : DayOfWeek(day) switch
        {
            Saturday => day == 1 ? 3 : day - 1,
            1 => day == Last ? day - 2 : day + 1,
            _ => day,
        };

        public int Nth(int dayOfWeek, int number)
        {
            var day = 1 + (dayOfWeek - DayOfWeek(1) + 7) % 7 + (number - 1) * 7;
            return day <= Last ? day : 0;
        }

        public int LastOf(int dayOfWeek) => Last - (DayOfWeek(Last) - dayOfWeek + 7) % 7;
    }
}
