namespace Minion.Crash.Rounds;

/// <summary>What is done to a victim.</summary>
internal enum Blow
{
    /// <summary>SIGKILL to a server, which is started again.</summary>
    Kill,

    /// <summary>SIGSTOP to a server, and SIGCONT after its lease.</summary>
    Pause,

    /// <summary>SIGKILL to PostgreSQL, which is started again.</summary>
    KillPostgres,
}

/// <summary>One blow within a round.</summary>
/// <param name="Blow">What is done.</param>
/// <param name="Server">To which server; -1 for PostgreSQL.</param>
/// <param name="After">How long after the round's beginning.</param>
/// <param name="Outage">How long the victim stays away.</param>
internal sealed record Strike(Blow Blow, int Server, TimeSpan After, TimeSpan Outage)
{
    /// <summary>The blows of a round: the same for the same seed.</summary>
    public static IReadOnlyList<Strike> OfRound(int round, int seed, bool withPostgres)
    {
        var random = new Random(unchecked((seed * 7_919) + round));
        var victim = random.Next(2);
        var first = random.Next(100) switch
        {
            < 45 => Kill(victim, TimeSpan.Zero, random),
            _ => Pause(victim, TimeSpan.Zero, random),
        };
        var kind = random.Next(100);
        if (withPostgres && kind >= 85)
        {
            return kind >= 93 ? [KillPostgres(random), first with { After = Between(random, 0, 600) }] : [KillPostgres(random)];
        }

        var soon = Between(random, 30, 1_200);
        return kind < 20
            ? [first, random.Next(2) == 0 ? Kill(1 - victim, soon, random) : Pause(1 - victim, soon, random)]
            : [first];
    }

    public string Describe(IReadOnlyList<string> names) => Blow switch
    {
        Blow.Kill => $"kill {names[Server]}",
        Blow.Pause => $"pause {names[Server]} {Outage.TotalSeconds:0.0} s",
        _ => "kill PostgreSQL",
    };

    private static Strike Kill(int server, TimeSpan after, Random random) => new(Blow.Kill, server, after, Between(random, 0, 800));

    private static Strike Pause(int server, TimeSpan after, Random random) =>
        new(Blow.Pause, server, after, Timings.Lease + Between(random, 400, 1_800));

    private static Strike KillPostgres(Random random) => new(Blow.KillPostgres, -1, Between(random, 0, 300), TimeSpan.Zero);

    private static TimeSpan Between(Random random, int least, int most) => TimeSpan.FromMilliseconds(random.Next(least, most));
}
