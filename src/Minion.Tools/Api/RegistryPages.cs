using Minion.Contracts.Faults;

namespace Minion.Tools.Api;

/// <summary>One page of a list that is ordered by name.</summary>
/// <param name="Size">How many at most.</param>
/// <param name="After">The name that the page before ended with; empty for the first.</param>
internal sealed record RegistryPages(int Size, string After)
{
    private const int DefaultSize = 100;
    private const int LargestSize = 500;

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static RegistryPages Read(int size, string token)
    {
        var violations = new Violations();
        violations.Check(size is >= 0 and <= LargestSize, "page_size", $"must be 1 to {LargestSize}, or 0 for {DefaultSize}, but is {size}.");
        var after = PageToken.Read(token);
        violations.Check(after is not null, "page_token", "must be the next_page_token of an earlier answer.");
        violations.ThrowIfAny();
        return new RegistryPages(size == 0 ? DefaultSize : size, after!);
    }

    public (IReadOnlyList<T> Items, string Next) Of<T>(IEnumerable<T> all, Func<T, string> name)
    {
        var items = all.Where(item => string.CompareOrdinal(name(item), After) > 0).OrderBy(name, StringComparer.Ordinal).Take(Size + 1).ToList();
        return items.Count > Size ? (items[..Size], PageToken.Of(name(items[Size - 1]))) : (items, "");
    }
}
