namespace Minion.Crash.Rounds;

/// <summary>What is done to a victim.</summary>
internal enum Blow
{
    /// <summary>SIGKILL to a server, which is started again.</summary>
    Kill,

    /// <summary>SIGSTOP to a server, and SIGCONT after its lease.</summary>
    Pause,

    /// <summary>SIGTERM to a server, which hands its runs back and ends, and is started again.</summary>
    Stop,

    /// <summary>All of a server's connections to PostgreSQL are reset.</summary>
    Cut,

    /// <summary>A server has no connection to PostgreSQL for longer than its lease.</summary>
    Part,

    /// <summary>What a server and PostgreSQL say to each other is held up for longer than its lease, and comes through then.</summary>
    Freeze,

    /// <summary>PostgreSQL does what a server sends, and the server hears nothing of it until its connections are reset.</summary>
    Deafen,

    /// <summary>Each packet between a server and PostgreSQL takes longer.</summary>
    Slow,

    /// <summary>SIGKILL to PostgreSQL, which is started again.</summary>
    Postgres,
}

/// <summary>One blow within a round.</summary>
/// <param name="Blow">What is done.</param>
/// <param name="Server">To which server; -1 for PostgreSQL.</param>
/// <param name="After">How long after the round's beginning.</param>
/// <param name="Lasts">How long the victim stays away, or is disturbed.</param>
internal sealed record Strike(Blow Blow, int Server, TimeSpan After, TimeSpan Lasts)
{
    /// <summary>How often each is chosen, of a hundred.</summary>
    private static readonly (Blow Blow, int Weight)[] Weights =
    [
        (Blow.Kill, 30), (Blow.Pause, 18), (Blow.Stop, 8), (Blow.Cut, 8), (Blow.Part, 10), (Blow.Freeze, 8), (Blow.Deafen, 8), (Blow.Slow, 4), (Blow.Postgres, 6),
    ];

    /// <summary>The blows of a round: the same for the same seed.</summary>
    public static IReadOnlyList<Strike> OfRound(int round, int seed, int servers, IReadOnlyCollection<Blow> only)
    {
        var random = new Random(unchecked((seed * 7_919) + round));
        var victim = random.Next(servers);
        var other = (victim + 1 + random.Next(servers - 1)) % servers;
        var first = Of(Choose(random, only), victim, TimeSpan.Zero, random);
        var second = Of(Choose(random, only), other, Between(random, 30, 1_200), random);
        return random.Next(100) < 35 && (first.Blow, second.Blow) is not (Blow.Postgres, Blow.Postgres) ? [first, second] : [first];
    }

    public string Describe(IReadOnlyList<string> names) => Blow switch
    {
        Blow.Postgres => "kill PostgreSQL",
        Blow.Kill or Blow.Stop or Blow.Cut => $"{Blow.ToString().ToLowerInvariant()} {names[Server]}",
        _ => $"{Blow.ToString().ToLowerInvariant()} {names[Server]} {Lasts.TotalSeconds:0.0} s",
    };

    private static Blow Choose(Random random, IReadOnlyCollection<Blow> only)
    {
        var some = Weights.Where(w => only.Count == 0 || only.Contains(w.Blow)).ToArray();
        var at = random.Next(some.Sum(w => w.Weight));
        return some.First(w => (at -= w.Weight) < 0).Blow;
    }

    private static Strike Of(Blow blow, int server, TimeSpan after, Random random) => new(
        blow,
        blow == Blow.Postgres ? -1 : server,
        after,
        blow switch
        {
            Blow.Kill or Blow.Stop => Between(random, 0, 800),
            Blow.Pause or Blow.Part or Blow.Freeze => Timings.Lease + Between(random, 400, 1_800),
            Blow.Deafen => Between(random, 50, 900),
            Blow.Slow => Between(random, 1_000, 2_500),
            _ => TimeSpan.Zero,
        });

    private static TimeSpan Between(Random random, int least, int most) => TimeSpan.FromMilliseconds(random.Next(least, most));
}
