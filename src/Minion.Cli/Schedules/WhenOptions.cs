using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Option = System.CommandLine.Option;

namespace Minion.Cli.Schedules;

/// <summary>The options that say when.</summary>
internal sealed class WhenOptions
{
    private readonly Option<string?> _cron = new("--cron")
    {
        Description = "Quartz's expression: seconds minutes hours day-of-month month day-of-week [year], for example '0 0 8 ? * MON-FRI'.",
        HelpName = "expression",
    };

    private readonly Option<string?> _timeZone = new("--time-zone") { Description = "Of the expression, for example Europe/Berlin; UTC unless given.", HelpName = "name" };
    private readonly Option<string?> _every = Durations.Option("--every", "An interval, from now on.");
    private readonly Option<DateTimeOffset?> _at = new("--at") { Description = "Once, then, for example 2026-01-31T08:00+01:00.", HelpName = "time" };
    private readonly Option<string?> _in = Durations.Option("--in", "Once, so long from now.");

    public IEnumerable<Option> All => [_cron, _timeZone, _every, _at, _in];

    public bool AreGiven(Invocation invocation) =>
        invocation.Get(_cron) is not null || invocation.Get(_every) is not null || invocation.Get(_at) is not null || invocation.Get(_in) is not null;

    public void Fill(Invocation invocation, ScheduleDefinition definition)
    {
        object?[] given = [invocation.Get(_cron), invocation.Get(_every), invocation.Get(_at), invocation.Get(_in)];
        if (given.Count(g => g is not null) != 1)
        {
            throw new CliFailure(ExitCodes.Usage, "usage", "When? Give one of --cron, --every, --at and --in.", "minion schedules add --help says how.");
        }

        if (invocation.Get(_cron) is { } cron)
        {
            definition.Cron = cron;
        }

        if (Durations.Parse(invocation.Get(_every)) is { } every)
        {
            definition.Every = every;
        }

        if (invocation.Get(_at) is { } at)
        {
            definition.At = at.ToTimestamp();
        }

        if (Durations.Parse(invocation.Get(_in)) is { } delay)
        {
            definition.Delay = delay;
        }

        definition.TimeZone = invocation.Get(_timeZone) ?? "";
    }
}
