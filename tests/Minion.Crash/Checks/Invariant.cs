namespace Minion.Crash.Checks;

/// <summary>One thing that must hold, and how its violations are found.</summary>
/// <param name="Name">In words, as the report says it.</param>
/// <param name="FindAsync">Returns what contradicts it, each in a line.</param>
/// <param name="OnlyAtTheEnd">It need not hold while runs are in flight.</param>
internal sealed record Invariant(string Name, Func<DateTime, Task<IReadOnlyList<string>>> FindAsync, bool OnlyAtTheEnd = false);
