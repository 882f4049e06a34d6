using System.Text.Json;

namespace Minion.Bench.Sandboxes;

/// <summary>Programs that must pass: the canonical solutions of public sets with their tests, read where they stand.</summary>
internal static class Solutions
{
    /// <summary>The folder of the public data; null when it is not there.</summary>
    public static string? Folder()
    {
        var folder = Environment.GetEnvironmentVariable("MINION_DATA") is { Length: > 0 } given ? given : Beside();
        return folder is not null && Directory.Exists(Path.Combine(folder, "humaneval")) && Directory.Exists(Path.Combine(folder, "mbpp")) ? folder : null;
    }

    public static List<string> HumanEval(string folder) => [.. Read(Path.Combine(folder, "humaneval", "humaneval.jsonl")).Select(item =>
        $"{Text(item, "prompt")}{Text(item, "canonical_solution")}\n{Text(item, "test")}\ncheck({Text(item, "entry_point")})\n")];

    public static List<string> Mbpp(string folder) => [.. Read(Path.Combine(folder, "mbpp", "sanitized.jsonl")).Select(item =>
        $"{Lines(item, "test_imports")}\n{Text(item, "code")}\n{Lines(item, "test_list")}\n")];

    private static string? Beside()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Minion.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null ? null : Path.Combine(folder.FullName, "..", "shared", "data");
    }

    private static IEnumerable<JsonElement> Read(string path) => File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static string Lines(JsonElement item, string name) => string.Join('\n', item.GetProperty(name).EnumerateArray().Select(line => line.GetString()));
}
