using Minion.Yaml;

namespace Minion.Models.Catalog;

/// <summary>Lays one file over another and checks what comes out. Pure.</summary>
internal static class CatalogMerge
{
    /// <summary>The catalog of both files; what is wrong with <paramref name="over"/> goes to <paramref name="problems"/>.</summary>
    /// <param name="shipped">The file below.</param>
    /// <param name="over">The file that has the last word; null when there is none, and then the shipped one is checked.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static CatalogSnapshot Merge(CatalogFile shipped, CatalogFile? over, Problems problems)
    {
        var merged = new OrderedDictionary<string, CatalogEntry>();
        foreach (var entry in shipped.Entries)
        {
            merged.TryAdd(entry.Name, entry);
        }

        foreach (var entry in (over?.Entries ?? []).DistinctBy(e => e.Name))
        {
            merged[entry.Name] = merged.TryGetValue(entry.Name, out var below) ? Lay(entry, below) : entry;
        }

        var checkedEntries = (over ?? shipped).Entries.Where(e => e is { Provider.Length: > 0, Model.Length: > 0 }).ToList();
        foreach (var entry in checkedEntries)
        {
            CheckComplete(merged[entry.Name], problems);
            CheckFailover(entry, merged, problems);
        }

        foreach (var cycle in FailoverCycles.Find(merged.ToDictionary(m => m.Key, m => m.Value.Failover ?? [])))
        {
            var place = cycle.Select(n => checkedEntries.FirstOrDefault(e => e.Name == n && e.Failover is { Count: > 0 })).FirstOrDefault(e => e is not null);
            if (place is not null)
            {
                problems.AddUnder(place.Node, "failover", $"goes in a circle: {string.Join(" → ", cycle.Append(cycle[0]))}");
            }
        }

        return new CatalogSnapshot(over?.AsOf ?? shipped.AsOf ?? default, [.. merged.Values.Where(IsComplete).Select(ToModel)], over?.Tools ?? shipped.Tools);
    }

    private static CatalogEntry Lay(CatalogEntry over, CatalogEntry below) => over with
    {
        ContextWindow = over.ContextWindow ?? below.ContextWindow,
        MaxOutput = over.MaxOutput ?? below.MaxOutput,
        Price = over.Price ?? below.Price,
        Capabilities = over.Capabilities ?? below.Capabilities,
        Tier = over.Tier ?? below.Tier,
        Failover = over.Failover ?? below.Failover,
    };

    private static bool GivesEmbeddings(CatalogEntry entry) => entry.Capabilities?.Contains(ModelCapabilities.Embeddings) == true;

    private static bool IsComplete(CatalogEntry entry) =>
        entry is { Provider.Length: > 0, Model.Length: > 0, ContextWindow: not null, Price: not null }
        && (GivesEmbeddings(entry) || entry is { MaxOutput: not null, Tier: not null });

    private static void CheckComplete(CatalogEntry entry, Problems problems)
    {
        Missing(entry.ContextWindow is null, "context_window", "the tokens of input and output together");
        Missing(entry.Price is null, "price", "price: { input: …, output: … }, USD for a million tokens");
        if (!GivesEmbeddings(entry))
        {
            Missing(entry.MaxOutput is null, "max_output", "the tokens of the longest answer");
            Missing(entry.Tier is null, "tier", $"one of {string.Join(", ", ModelTiers.Names)}");
        }

        void Missing(bool missing, string key, string what)
        {
            if (missing)
            {
                problems.AddUnder(entry.Node, key, $"is missing: {what}");
            }
        }
    }

    private static void CheckFailover(CatalogEntry entry, OrderedDictionary<string, CatalogEntry> all, Problems problems)
    {
        foreach (var (i, name) in (entry.Failover ?? []).Index().Where(f => !all.ContainsKey(f.Item)))
        {
            var help = Nearest.To(name, all.Keys) is { } nearest ? $"Did you mean '{nearest}'?" : "Write provider/model, as they stand in this file or among the shipped ones";
            problems.AddUnder(entry.Node, $"failover[{i}]", $"there is no model {Quoted.Of(name)}. {help}");
        }
    }

    private static CatalogModel ToModel(CatalogEntry entry) => new()
    {
        Provider = entry.Provider,
        Model = entry.Model,
        ContextWindow = entry.ContextWindow!.Value,
        MaxOutput = entry.MaxOutput ?? 0,
        Price = entry.Price!,
        Capabilities = (entry.Capabilities ?? []).ToHashSet(),
        Tier = entry.Tier,
        Failover = entry.Failover ?? [],
    };
}
