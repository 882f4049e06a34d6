using System.Text.Json;
using Minion.Tools.Audit;
using Minion.Tools.Schemas;

namespace Minion.Tools.Sources;

/// <summary>Finds secrets that stand in the settings of a source themselves; they would be stored. Ways to authenticate are checked where they are read.</summary>
internal static class LiteralSecrets
{
    private const string Because = "because it is a secret; set the variable where the server runs, secrets themselves are not stored";
    private static readonly string[] Named = ["headers", "env", "metadata"];

    /// <summary>All of them, with how to write a reference instead.</summary>
    /// <param name="settings">The settings of a source of any kind.</param>
    public static IEnumerable<SourceProblem> Check(JsonElement settings) => settings.ValueKind != JsonValueKind.Object ? [] :
    [
        .. Named.SelectMany(key => Members(settings, key).Where(IsLiteral).Select(member => Problem($"/{key}/{JsonPointer.Escape(member.Name)}", Example(key, member.Name)))),
        .. Arguments(settings),
        .. Text(settings, "url") is { } url && Looks(url) ? [Problem("/url", "https://…?key=${SERVICE_TOKEN}")] : Array.Empty<SourceProblem>(),
    ];

    private static IEnumerable<JsonProperty> Members(JsonElement settings, string key) =>
        settings.TryGetProperty(key, out var map) && map.ValueKind == JsonValueKind.Object ? map.EnumerateObject() : [];

    private static bool IsLiteral(JsonProperty member) =>
        member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        && member.Value.ToString() is var value && value.Length > 0 && !bool.TryParse(value, out _)
        && ((SecretNames.Is(member.Name) && !Refers(value)) || Looks(value));

    /// <summary><c>--api-key=…</c>, <c>--api-key</c> and a word after it, and what looks like a secret.</summary>
    private static IEnumerable<SourceProblem> Arguments(JsonElement settings)
    {
        if (!settings.TryGetProperty("args", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        var before = "";
        foreach (var (i, argument) in list.EnumerateArray().Index())
        {
            var text = argument.ValueKind is JsonValueKind.String or JsonValueKind.Number ? argument.ToString() : "";
            var parts = text.Split('=', 2);
            var isSecret = (parts.Length == 2 && parts[1].Length > 0 && IsOption(parts[0]) && !Refers(parts[1]))
                || (IsOption(before) && !text.StartsWith('-') && text.Length > 0 && !Refers(text))
                || Looks(text);
            if (isSecret)
            {
                yield return Problem($"/args/{i}", "${SERVICE_TOKEN}");
            }

            before = text;
        }
    }

    private static bool IsOption(string text) => text.StartsWith('-') && !text.Contains(' ', StringComparison.Ordinal) && SecretNames.Is(text.TrimStart('-'));

    private static bool Refers(string text) => SecretReferences.In(text).Any();

    private static bool Looks(string text) => MaskedArguments.LooksSecret(SecretReferences.Replace(text, _ => ""));

    private static string? Text(JsonElement settings, string key) => settings.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Example(string key, string name) =>
        key == "env" && SecretReferences.IsAllowed(name) ? $"${{{name}}}"
        : name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? "Bearer ${SERVICE_TOKEN}"
        : "${SERVICE_TOKEN}";

    private static SourceProblem Problem(string path, string example) =>
        new(path, $"must refer to a variable of the server's environment, such as '{example}', {Because}.");
}
