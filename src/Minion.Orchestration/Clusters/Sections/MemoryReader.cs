using System.Text.Json.Nodes;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Sections;

/// <summary>Reads <c>memory</c>: what the cluster's agents know beyond a session.</summary>
internal static class MemoryReader
{
    private static readonly TimeSpan LeastRetention = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestRetention = TimeSpan.FromDays(3650);

    public static JsonObject? Read(MapReader? reader, Problems problems)
    {
        if (reader is null)
        {
            return null;
        }

        var memory = new JsonObject();
        Section.Put(memory, "embeddings", reader.Text("embeddings"));
        Section.Put(memory, "extraction", Section.OneOf(reader, "extraction", problems, "off", "rules", "model"));
        Section.Put(memory, "recall", Recall(reader.Mapping("recall")));
        Section.Put(memory, "retention", reader.Duration("retention", LeastRetention, LongestRetention));
        reader.Done();
        return memory;
    }

    private static JsonObject? Recall(MapReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var recall = new JsonObject();
        Section.Put(recall, "limit", reader.Whole("limit", 1, 100));
        Section.Put(recall, "min_score", reader.Number("min_score", 0, 1));
        reader.Done();
        return recall;
    }
}
