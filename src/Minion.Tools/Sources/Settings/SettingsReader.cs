using System.Globalization;
using System.Text.Json;

namespace Minion.Tools.Sources.Settings;

/// <summary>
/// Reads the settings of a source: typed, with defaults and ranges. Everything that is wrong is collected; a key that nobody has read
/// is reported by <see cref="Done"/>.
/// </summary>
internal sealed class SettingsReader(JsonElement settings, string path, List<SourceProblem> problems)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private bool _reported;

    /// <summary>Where these settings stand: a JSON Pointer.</summary>
    public string Path => path;

    /// <summary>Notes that the value at <paramref name="key"/> is wrong; the settings as a whole when it is empty.</summary>
    public void Problem(string key, string problem) => problems.Add(new SourceProblem(PathOf(key), problem));

    /// <summary>Notes a problem unless <paramref name="holds"/>; returns <paramref name="holds"/>.</summary>
    public bool Check(bool holds, string key, string problem)
    {
        if (!holds)
        {
            Problem(key, problem);
        }

        return holds;
    }

    /// <summary>Whether there is a value.</summary>
    public bool Has(string key) => Value(key) is not null;

    /// <summary>The text; empty when there is none.</summary>
    public string Text(string key, int longest = 4096, bool required = false)
    {
        if (Value(key) is not { } value)
        {
            Check(!required, key, "must be given.");
            return "";
        }

        var isText = value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        var text = isText ? value.ToString() : "";
        Check(isText, key, $"must be a text, but is {Name(value)}.");
        Check(!isText || !required || text.Length > 0, key, "must not be empty.");
        Check(text.Length <= longest, key, $"must have at most {longest} characters, but has {text.Length}.");
        return text;
    }

    /// <summary>The whole number, or <paramref name="otherwise"/>.</summary>
    public int Number(string key, int otherwise, int least, int most)
    {
        if (Value(key) is not { } value)
        {
            return otherwise;
        }

        var number = 0;
        var isNumber = int.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        return Check(isNumber && number >= least && number <= most, key, $"must be a whole number from {least} to {most}, but is {value}.")
            ? number
            : otherwise;
    }

    /// <summary>The time, written as <c>500ms</c>, <c>10s</c>, <c>2m</c> or a number of seconds; or <paramref name="otherwise"/>.</summary>
    public TimeSpan Time(string key, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        if (Value(key) is not { } value)
        {
            return otherwise;
        }

        var time = Durations.Read(value.ToString());
        return Check(
            time >= least && time <= most, key, $"must be a time from {Durations.Write(least)} to {Durations.Write(most)}, for example 10s, but is '{value}'.")
            ? time!.Value
            : otherwise;
    }

    /// <summary>Yes or no, or <paramref name="otherwise"/>.</summary>
    public bool Flag(string key, bool otherwise = false)
    {
        if (Value(key) is not { } value)
        {
            return otherwise;
        }

        return Check(bool.TryParse(value.ToString(), out var flag), key, $"must be true or false, but is '{value}'.") ? flag : otherwise;
    }

    /// <summary>One of <paramref name="choices"/>; the first one when there is none.</summary>
    public string Choice(string key, params string[] choices)
    {
        var text = Text(key);
        return text.Length == 0 || !Check(choices.Contains(text), key, $"must be {string.Join(" or ", choices)}, but is '{text}'.") ? choices[0] : text;
    }

    /// <summary>The value as it stands, or null.</summary>
    public JsonElement? Json(string key) => Value(key);

    /// <summary>The settings within, or null.</summary>
    public SettingsReader? Object(string key) => Value(key) is { } value
        && Check(value.ValueKind == JsonValueKind.Object, key, $"must have keys of its own, but is {Name(value)}.")
            ? new SettingsReader(value, PathOf(key), problems)
            : null;

    /// <summary>The settings of each item.</summary>
    public IReadOnlyList<SettingsReader> Objects(string key, int most) => [.. Items(key, most)
        .Where(item => Check(item.Value.ValueKind == JsonValueKind.Object, $"{key}/{item.Index}", $"must have keys of its own, but is {Name(item.Value)}."))
        .Select(item => new SettingsReader(item.Value, $"{PathOf(key)}/{item.Index}", problems))];

    /// <summary>The texts of a list; a single text counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string key, int most = 100) => Value(key) is { ValueKind: JsonValueKind.String } single
        ? [single.GetString()!]
        : [.. Items(key, most)
            .Where(item => Check(item.Value.ValueKind == JsonValueKind.String, $"{key}/{item.Index}", $"must be a text, but is {Name(item.Value)}."))
            .Select(item => item.Value.GetString()!)];

    /// <summary>The texts by their keys.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map(string key, int most = 50)
    {
        if (Value(key) is not { } value || !Check(value.ValueKind == JsonValueKind.Object, key, $"must be keys with texts, but is {Name(value)}."))
        {
            return [];
        }

        Check(value.GetPropertyCount() <= most, key, $"must have at most {most} keys.");
        return [.. value.EnumerateObject().Take(most)
            .Where(member => Check(
                member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null),
                $"{key}/{Schemas.JsonPointer.Escape(member.Name)}",
                $"must be a text, but is {Name(member.Value)}."))
            .Select(member => KeyValuePair.Create(member.Name, member.Value.ToString()))];
    }

    /// <summary>Reports the keys that nobody has read, and what was probably meant.</summary>
    public void Done()
    {
        if (settings.ValueKind != JsonValueKind.Object)
        {
            Value("");
            return;
        }

        foreach (var member in settings.EnumerateObject().Where(member => !_read.Contains(member.Name)))
        {
            var nearest = Nearest.To(member.Name, _read, count: 1);
            Problem(
                Schemas.JsonPointer.Escape(member.Name),
                nearest.Count > 0 ? $"is not known. {Nearest.Question(nearest)}" : $"is not known; known are {string.Join(", ", _read.Order(StringComparer.Ordinal))}.");
        }
    }

    private IEnumerable<(JsonElement Value, int Index)> Items(string key, int most)
    {
        if (Value(key) is not { } value || !Check(value.ValueKind == JsonValueKind.Array, key, $"must be a list, but is {Name(value)}."))
        {
            return [];
        }

        Check(value.GetArrayLength() <= most, key, $"must have at most {most} items, but has {value.GetArrayLength()}.");
        return value.EnumerateArray().Take(most).Select((item, index) => (item, index));
    }

    private JsonElement? Value(string key)
    {
        _read.Add(key);
        if (settings.ValueKind == JsonValueKind.Object)
        {
            return settings.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }

        if (!_reported)
        {
            _reported = true;
            problems.Add(new SourceProblem(path, $"must have keys of its own, but is {Name(settings)}."));
        }

        return null;
    }

    private string PathOf(string key) => key.Length == 0 ? path : $"{path}/{key}";

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null or JsonValueKind.Undefined => "empty",
        _ => "true or false",
    };
}
