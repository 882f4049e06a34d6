using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs;

/// <summary>How many entries with their long texts fit into one message.</summary>
internal static class EntryPages
{
    /// <summary>Characters and bytes of a page: below gRPC's customary 4 MiB.</summary>
    private const long Most = 3 * 1024 * 1024;

    /// <summary>How many of the entries, from the first; one at least where there is one.</summary>
    public static int Fitting(IReadOnlyList<RawEntry> entries, int limit)
    {
        var size = 0L;
        for (var i = 0; i < entries.Count && i < limit; i++)
        {
            size += entries[i].Json.Length + entries[i].LongTexts.Sum(t => t.Bytes);
            if (size > Most && i > 0)
            {
                return i;
            }
        }

        return Math.Min(entries.Count, limit);
    }
}
