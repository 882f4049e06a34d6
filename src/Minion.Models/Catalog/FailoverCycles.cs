namespace Minion.Models.Catalog;

/// <summary>Finds lists of failover that lead back to where they began.</summary>
internal static class FailoverCycles
{
    /// <summary>One way around for each circle, as names in order.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyDictionary<string, IReadOnlyList<string>> failover)
    {
        var cycles = new List<IReadOnlyList<string>>();
        var done = new HashSet<string>();
        var path = new List<string>();
        foreach (var name in failover.Keys)
        {
            Visit(name);
        }

        return cycles;

        void Visit(string name)
        {
            if (path.IndexOf(name) is var at and >= 0)
            {
                cycles.Add([.. path.Skip(at)]);
                return;
            }

            if (!failover.TryGetValue(name, out var next) || !done.Add(name))
            {
                return;
            }

            path.Add(name);
            foreach (var target in next)
            {
                Visit(target);
            }

            path.RemoveAt(path.Count - 1);
        }
    }
}
