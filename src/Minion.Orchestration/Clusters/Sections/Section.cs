using System.Text.Json.Nodes;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Sections;

/// <summary>What the readers of sections share: a section is kept as JSON with the file's own keys, so that it is written back as it was.</summary>
internal static class Section
{
    public static void Put(JsonObject section, string key, string text)
    {
        if (text.Length > 0)
        {
            section[key] = text;
        }
    }

    public static void Put(JsonObject section, string key, long? number)
    {
        if (number is { } given)
        {
            section[key] = given;
        }
    }

    public static void Put(JsonObject section, string key, double? number)
    {
        if (number is { } given)
        {
            section[key] = given;
        }
    }

    public static void Put(JsonObject section, string key, TimeSpan? duration)
    {
        if (duration is { } given)
        {
            section[key] = DurationText.Format(given);
        }
    }

    public static void Put(JsonObject section, string key, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            section[key] = new JsonArray([.. texts.Select(t => JsonValue.Create(t))]);
        }
    }

    public static void Put(JsonObject section, string key, JsonObject? part)
    {
        if (part is { Count: > 0 })
        {
            section[key] = part;
        }
    }

    public static void Put(JsonObject section, string key, JsonArray list)
    {
        if (list.Count > 0)
        {
            section[key] = list;
        }
    }

    /// <summary>One of some words; empty when absent or wrong.</summary>
    public static string OneOf(MapReader reader, string key, Problems problems, params string[] words)
    {
        var text = reader.Text(key);
        if (text.Length == 0 || words.Contains(text))
        {
            return text;
        }

        problems.AddUnder(reader.Map, key, $"must be one of {string.Join(", ", words)}, not {Quoted.Of(text)}");
        return "";
    }
}
