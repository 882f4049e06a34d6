using System.Text.Json.Nodes;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Sections;

/// <summary>Reads <c>evaluation</c>: which suites the cluster's agents must pass, and how well.</summary>
internal static class EvaluationReader
{
    public static JsonObject? Read(MapReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var evaluation = new JsonObject();
        Section.Put(evaluation, "suites", reader.Texts("suites"));
        Section.Put(evaluation, "judge", reader.Text("judge"));
        Section.Put(evaluation, "repeats", reader.Whole("repeats", 1, 100));
        Section.Put(evaluation, "gates", Gates(reader.Mapping("gates")));
        reader.Done();
        return evaluation;
    }

    /// <summary>Passed cases in percent: to go to staging, to production, and to stay there.</summary>
    private static JsonObject? Gates(MapReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var gates = new JsonObject();
        Section.Put(gates, "staging", reader.Number("staging", 0, 100));
        Section.Put(gates, "production", reader.Number("production", 0, 100));
        Section.Put(gates, "watch", reader.Number("watch", 0, 100));
        reader.Done();
        return gates;
    }
}
