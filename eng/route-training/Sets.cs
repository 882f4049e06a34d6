using System.Text.Json;

namespace RouteTraining;

/// <summary>The recorded prompts, read from where the data for measurements is.</summary>
internal static class Sets
{
    public static IReadOnlyList<Item> Read(string folder) =>
        [.. Read(folder, "gsm8k_gpt4_vs_mixtral.jsonl", "GSM8K"), .. Read(folder, "mmlu_gpt4_vs_mixtral.jsonl", "MMLU")];

    private static IEnumerable<Item> Read(string folder, string file, string set) =>
        File.ReadLines(Path.Combine(folder, file)).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            var item = document.RootElement;
            return Item.Read(
                set,
                item.TryGetProperty("subject", out var subject) ? subject.GetString()! : set,
                item.GetProperty("index").GetInt32(),
                item.GetProperty("prompt").GetString()!,
                (item.GetProperty("strong_correct").GetBoolean() ? 1 : 0) - (item.GetProperty("weak_correct").GetBoolean() ? 1 : 0));
        });
}
