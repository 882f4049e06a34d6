using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheCurve;

/// <summary>A text that is kept, and one that asks for it.</summary>
internal sealed record Repeat(int Index, string Origin, string Similar);

/// <summary>Two questions, and whether people took them for the same (1).</summary>
internal sealed record QuestionPair(int Index, string A, string B, int Duplicate);

/// <summary>Two sentences, and how alike people found them, 0 to 5.</summary>
internal sealed record ScoredPair(int Index, string Set, double Score, string A, string B);

/// <summary>Reads the sets of <c>similarity</c> in the shared data.</summary>
internal static class Pairs
{
    public static IReadOnlyList<Repeat> Repeats(string folder) => Read(folder, "gptcache_mock_pairs.jsonl", PairsJson.Default.Repeat);

    public static IReadOnlyList<QuestionPair> Questions(string folder) => Read(folder, "qqp_pairs.jsonl", PairsJson.Default.QuestionPair);

    public static IReadOnlyList<ScoredPair> Scored(string folder) => Read(folder, "sts_pairs.jsonl", PairsJson.Default.ScoredPair);

    private static IReadOnlyList<T> Read<T>(string folder, string file, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        [.. File.ReadLines(Path.Combine(folder, file)).Select(line => JsonSerializer.Deserialize(line, type)!)];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Repeat))]
[JsonSerializable(typeof(QuestionPair))]
[JsonSerializable(typeof(ScoredPair))]
internal sealed partial class PairsJson : JsonSerializerContext;
