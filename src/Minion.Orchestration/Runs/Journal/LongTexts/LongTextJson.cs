using System.Text;
using System.Text.Json.Nodes;

namespace Minion.Orchestration.Runs.Journal.LongTexts;

/// <summary>
/// A payload's JSON without its long texts: in the place of each stands <c>{"$long":{"hash","bytes","head"}}</c>. No payload has objects of that
/// form otherwise, and within a text the quotes are escaped.
/// </summary>
internal static class LongTextJson
{
    /// <summary>Characters of a long text that stay with the entry.</summary>
    public const int HeadLength = 1_000;

    private const string Mark = "$long";
    private const string MarkedObject = "{\"$long\":";

    public static bool HasReferences(string json) => json.Contains(MarkedObject, StringComparison.Ordinal);

    /// <summary>Takes the long texts out. Costs one comparison where the whole is short.</summary>
    public static (string Json, IReadOnlyList<LongText> Texts) Split(string json)
    {
        if (json.Length <= LongText.Limit)
        {
            return (json, []);
        }

        var texts = new List<LongText>();
        var root = Replace(JsonNode.Parse(json), "", (node, _) => node is JsonValue value && value.TryGetValue<string>(out var text) ? Aside(text, texts) : null);
        return texts.Count == 0 ? (json, []) : (root!.ToJsonString(), texts);
    }

    /// <summary>What the entry refers to, in order.</summary>
    public static IReadOnlyList<LongTextReference> References(string json)
    {
        var references = new List<LongTextReference>();
        Replace(JsonNode.Parse(json), "", (node, path) =>
        {
            if (ReferenceOf(node) is not { } reference)
            {
                return null;
            }

            references.Add(new LongTextReference(path, (string)reference["hash"]!, (long)reference["bytes"]!));
            return JsonValue.Create("");
        });
        return references;
    }

    /// <summary>Puts texts back, or the beginnings where <paramref name="texts"/> is null.</summary>
    /// <exception cref="InvalidOperationException">A text is missing.</exception>
    public static string Fill(string json, IReadOnlyDictionary<string, string>? texts) =>
        Replace(JsonNode.Parse(json), "", (node, _) => ReferenceOf(node) is not { } reference
            ? null
            : JsonValue.Create(texts is null ? (string)reference["head"]! : TextOf(texts, (string)reference["hash"]!)))!.ToJsonString();

    public static string Head(string text)
    {
        var cut = HeadLength - (text.Length > HeadLength && char.IsHighSurrogate(text[HeadLength - 1]) ? 1 : 0);
        return text.Length <= HeadLength ? text : string.Concat(text.AsSpan(0, cut), "…");
    }

    private static string TextOf(IReadOnlyDictionary<string, string> texts, string hash) => texts.TryGetValue(hash, out var text)
        ? text
        : throw new InvalidOperationException($"The text {hash}, which a journal refers to, is gone.");

    private static JsonObject? Aside(string text, List<LongText> texts)
    {
        if (text.Length <= LongText.Limit / 3 || Encoding.UTF8.GetByteCount(text) <= LongText.Limit)
        {
            return null;
        }

        var aside = LongText.Of(text);
        texts.Add(aside);
        return new JsonObject { [Mark] = new JsonObject { ["hash"] = aside.HexHash, ["bytes"] = aside.Bytes, ["head"] = Head(text) } };
    }

    private static JsonNode? ReferenceOf(JsonNode? node) => node is JsonObject { Count: 1 } marked ? marked[Mark] : null;

    /// <summary>Replaces what <paramref name="replacement"/> gives another node for; descends into the rest.</summary>
    private static JsonNode? Replace(JsonNode? node, string path, Func<JsonNode?, string, JsonNode?> replacement)
    {
        if (replacement(node, path) is { } other)
        {
            return other;
        }

        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    var replaced = Replace(value, path.Length == 0 ? name : $"{path}.{name}", replacement);
                    if (!ReferenceEquals(replaced, value))
                    {
                        members[name] = replaced;
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    var replaced = Replace(items[i], $"{path}[{i}]", replacement);
                    if (!ReferenceEquals(replaced, items[i]))
                    {
                        items[i] = replaced;
                    }
                }

                break;
        }

        return node;
    }
}
