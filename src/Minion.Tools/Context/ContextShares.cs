namespace Minion.Tools.Context;

/// <summary>Divides tokens among those who want some.</summary>
internal static class ContextShares
{
    /// <summary>Each gets what it wants up to an equal share; what some leave is divided among the others.</summary>
    /// <param name="wanted">Tokens that each could use.</param>
    /// <param name="total">Tokens that there are.</param>
    public static int[] Of(IReadOnlyList<int> wanted, int total)
    {
        var shares = new int[wanted.Count];
        var open = Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]).ToList();
        for (var done = 0; done < open.Count; done++)
        {
            var share = Math.Min(wanted[open[done]], total / (open.Count - done));
            shares[open[done]] = share;
            total -= share;
        }

        return shares;
    }
}
