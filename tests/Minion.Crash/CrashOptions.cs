using System.Globalization;

namespace Minion.Crash;

/// <summary>What the harness is asked to do.</summary>
internal sealed record CrashOptions
{
    public const string Usage = """
        ./test crash [options]: servers are killed and paused at random; no accepted run may be lost, no finished call repeated.
          --minutes N        stop after so long (default 5)
          --rounds N         rounds of killing and pausing (default 50)
          --seed N           repeats the choices of an earlier run (default: random, printed)
          --load N           runs in flight at the same time (default 40)
          --postgres         PostgreSQL is killed too
          --keep-going       goes on after a violation
          --break WHAT       builds an engine without one of its checks, to show that this harness notices: fencing, intents
          --keep             keeps the servers' logs also when all is well
        """;

    public double Minutes { get; init; } = 5;

    public int Rounds { get; init; } = 50;

    public int Seed { get; init; } = Random.Shared.Next(1, 1_000_000);

    public int Load { get; init; } = 40;

    public bool Postgres { get; init; }

    public bool KeepGoing { get; init; }

    public bool KeepLogs { get; init; }

    /// <summary>The check that the servers' engine lacks; null for none.</summary>
    public string? Break { get; init; }

    /// <exception cref="FormatException">Names the option that is wrong.</exception>
    public static CrashOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CrashOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, given) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            string Value() => given ?? (++i < args.Count ? args[i] : throw new FormatException($"{name} needs a value."));
            options = name switch
            {
                "--minutes" => options with { Minutes = Number(name, Value(), 0.1, 1_440) },
                "--rounds" => options with { Rounds = (int)Number(name, Value(), 1, 100_000) },
                "--seed" => options with { Seed = (int)Number(name, Value(), 0, int.MaxValue) },
                "--load" => options with { Load = (int)Number(name, Value(), 1, 10_000) },
                "--postgres" => options with { Postgres = true },
                "--keep-going" => options with { KeepGoing = true },
                "--keep" => options with { KeepLogs = true },
                "--break" => options with { Break = OneOf(name, Value(), "fencing", "intents") },
                _ => throw new FormatException($"There is no option {name}."),
            };
        }

        return options;
    }

    private static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} is '{text}'; it takes a number from {least} to {most}.");

    private static string OneOf(string name, string text, params string[] allowed) =>
        allowed.Contains(text) ? text : throw new FormatException($"{name} is '{text}'; it takes one of: {string.Join(", ", allowed)}.");
}
