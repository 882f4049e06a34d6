using System.Globalization;
using Minion.Crash.Checks;
using Minion.Crash.Rounds;

namespace Minion.Crash;

/// <summary>What the harness is asked to do.</summary>
internal sealed record CrashOptions
{
    public const string Usage = """
        ./test crash [options]: servers are killed, paused, stopped and cut off at random; no accepted run may be lost, no finished call repeated.
          --minutes N        stop after so long (default 5)
          --rounds N         rounds (default: as many as the minutes allow)
          --seed N           repeats the choices of an earlier run (default: random, printed)
          --load N           runs in flight at the same time (default 60)
          --servers N        processes, 2 to 5 (default 3)
          --only BLOWS       only these, by comma: kill, pause, stop, cut, part, freeze, deafen, slow, postgres
          --keep-going       goes on after a violation
          --break WHAT       to show that this harness notices: 'fencing' or 'intents' builds an engine without that check; the name of an invariant
                             violates that one after the rounds, 'all' each of them in turn
          --keep             keeps the servers' logs also when all is well
        ./test crash --failpoints [options]: a server is killed once at each failpoint that a run passes, in turn
          --run NAMES        only these runs, by comma (default: all)
          --at NAMES         only failpoints whose names begin so, by comma (default: all)
          --every N          only each N-th kill (default 1)
        """;

    public double Minutes { get; init; } = 5;

    public int Rounds { get; init; } = int.MaxValue;

    public int Seed { get; init; } = Random.Shared.Next(1, 1_000_000);

    public int Load { get; init; } = 60;

    public int Servers { get; init; } = 3;

    /// <summary>The blows that may fall; empty for all.</summary>
    public IReadOnlyCollection<Blow> Only { get; init; } = [];

    public bool KeepGoing { get; init; }

    public bool KeepLogs { get; init; }

    /// <summary>What is broken on purpose; null for nothing.</summary>
    public string? Break { get; init; }

    /// <summary>The exhaustive round instead of random ones.</summary>
    public bool Failpoints { get; init; }

    public IReadOnlyCollection<string> Runs { get; init; } = [];

    public IReadOnlyCollection<string> At { get; init; } = [];

    public int Every { get; init; } = 1;

    /// <summary>The check that the servers' engine lacks; null for none.</summary>
    public string? EngineLacks => Break is "fencing" or "intents" ? Break : null;

    /// <summary>The invariant that is violated after the rounds, or all; null for none.</summary>
    public string? Violates => EngineLacks is null ? Break : null;

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
                "--servers" => options with { Servers = (int)Number(name, Value(), 2, 5) },
                "--only" => options with { Only = [.. Value().Split(',').Select(b => BlowOf(name, b))] },
                "--keep-going" => options with { KeepGoing = true },
                "--keep" => options with { KeepLogs = true },
                "--break" => options with { Break = Value() },
                "--failpoints" => options with { Failpoints = true },
                "--run" => options with { Runs = Value().Split(',') },
                "--at" => options with { At = Value().Split(',') },
                "--every" => options with { Every = (int)Number(name, Value(), 1, 1_000) },
                _ => throw new FormatException($"There is no option {name}."),
            };
        }

        return options;
    }

    private static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} is '{text}'; it takes a number from {least} to {most}.");

    private static Blow BlowOf(string name, string text) =>
        Enum.TryParse<Blow>(text, ignoreCase: true, out var blow)
            ? blow
            : throw new FormatException($"{name} is '{text}'; it takes some of: {string.Join(", ", Enum.GetNames<Blow>()).ToLowerInvariant()}.");
}
