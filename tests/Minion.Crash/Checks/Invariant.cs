namespace Minion.Crash.Checks;

/// <summary>One thing that must hold, how its violations are found, and how it is violated on purpose.</summary>
/// <param name="Name">One word, for <c>--break</c>.</param>
/// <param name="Says">What must hold, as the report says it.</param>
/// <param name="FindAsync">Returns what contradicts it, each in a line; only of what went on since a time.</param>
/// <param name="Sabotage">What makes it not hold.</param>
/// <param name="OnlyAtTheEnd">It need not hold while runs are in flight.</param>
internal sealed record Invariant(
    string Name, string Says, Func<DateTime, Task<IReadOnlyList<string>>> FindAsync, Sabotage Sabotage, bool OnlyAtTheEnd = false);

/// <summary>How an invariant is violated, to see that its check notices.</summary>
internal abstract record Sabotage
{
    /// <summary>In the database, in a transaction that is rolled back.</summary>
    public static Sabotage Sql(string sql) => new OfDatabase(sql);

    /// <summary>In what the clients were told; <paramref name="begin"/> returns what undoes it.</summary>
    public static Sabotage Memory(Func<Action> begin) => new OfMemory(begin);

    public sealed record OfDatabase(string Statement) : Sabotage;

    public sealed record OfMemory(Func<Action> Begin) : Sabotage;
}
