using System.Globalization;
using System.Text.Json;
using Minion.Yaml;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// Reads the fields of one JSON object of options as the types that they must have. Everything that is wrong is noted with its path and
/// the reader goes on, so that all errors are found at once. <see cref="Done"/> reports the keys that nobody asked for.
/// </summary>
public sealed class OptionsReader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };
    private readonly JsonElement _json;
    private readonly List<OptionProblem> _problems;
    private readonly List<string> _allowed = [];

    internal OptionsReader(JsonElement json, string path, List<OptionProblem> problems)
    {
        (_json, Path, _problems) = (json, path, problems);
        if (json.ValueKind != JsonValueKind.Object)
        {
            Problem("", $"must be an object (key: value), not {Kind(json)}.");
        }
    }

    /// <summary>Where the object stands, for example <c>stages[0]</c>; empty for the options themselves.</summary>
    public string Path { get; }

    /// <summary>Whether nothing has been found wrong, here or elsewhere in the options.</summary>
    public bool IsSound => _problems.Count == 0;

    /// <summary>Whether the key is there, and thereby allowed.</summary>
    public bool Has(string key) => Take(key) is not null;

    /// <summary>A text; null when it is absent.</summary>
    public string? Text(string key, int longest = 20_000)
    {
        if (Take(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetRawText();
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Problem(key, $"must be text, not {Kind(value)}.");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > longest)
        {
            Problem(key, string.Create(CultureInfo.InvariantCulture, $"has {text.Length:N0} characters; at most {longest:N0} are allowed."));
            return null;
        }

        return text;
    }

    /// <summary>A text that must be there and say something; empty, with a problem noted, when it is not.</summary>
    public string RequiredText(string key, string what, int longest = 20_000)
    {
        var given = Has(key);
        var text = Text(key, longest);
        if (!given || text is { } blank && string.IsNullOrWhiteSpace(blank))
        {
            Problem(key, $"is missing: {what}.");
        }

        return text ?? "";
    }

    /// <summary>A whole number between two bounds, both included; <paramref name="otherwise"/> when absent or wrong.</summary>
    public int Whole(string key, int otherwise, int least, int most)
    {
        if (Take(key) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(key, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}, not {Show(value)}."));
        return otherwise;
    }

    /// <summary>True or false; <paramref name="otherwise"/> when absent or wrong.</summary>
    public bool Flag(string key, bool otherwise)
    {
        if (Take(key) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Problem(key, $"must be true or false, not {Show(value)}.");
            return otherwise;
        }

        return value.GetBoolean();
    }

    /// <summary>A duration such as <c>90s</c>, <c>5m</c> or <c>1h30m</c> between two bounds, both included; null when absent or wrong.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (Take(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && DurationText.Parse(value.GetString()!) is { } duration && duration >= least && duration <= most)
        {
            return duration;
        }

        Problem(key, $"must be {DurationText.Examples}, from {DurationText.Format(least)} to {DurationText.Format(most)}, not {Show(value)}.");
        return null;
    }

    /// <summary>One of a few words; <paramref name="otherwise"/> when absent or wrong.</summary>
    public string Word(string key, string otherwise, params IReadOnlyList<string> words)
    {
        if (Text(key, 100) is not { } word)
        {
            return otherwise;
        }

        if (!words.Contains(word))
        {
            Problem(key, $"must be one of {string.Join(", ", words)}, not {Quoted.Of(word)}.");
            return otherwise;
        }

        return word;
    }

    /// <summary>The object under a key; null when absent or no object.</summary>
    public OptionsReader? Object(string key) => Take(key) is { } value ? Within(value, Under(key)) : null;

    /// <summary>The items of a list with their paths; empty when absent or no list, or longer than <paramref name="most"/>.</summary>
    public IReadOnlyList<(JsonElement Value, string Path)> Items(string key, int most)
    {
        if (Take(key) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Problem(key, $"must be a list, not {Kind(value)}.");
            return [];
        }

        if (value.GetArrayLength() > most)
        {
            Problem(key, $"has {value.GetArrayLength()} entries; at most {most} are allowed.");
            return [];
        }

        return [.. value.EnumerateArray().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"{Under(key)}[{i}]")))];
    }

    /// <summary>The value under a key as it is; null when absent.</summary>
    public JsonElement? Take(string key)
    {
        if (!_allowed.Contains(key))
        {
            _allowed.Add(key);
        }

        return _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>The reader of an object within these options; null, with a problem noted, when it is none.</summary>
    public OptionsReader? Within(JsonElement value, string path)
    {
        var reader = new OptionsReader(value, path, _problems);
        return value.ValueKind == JsonValueKind.Object ? reader : null;
    }

    /// <summary>Notes what is wrong with the value of a key; an empty key means the object itself.</summary>
    public void Problem(string key, string message) => ProblemAt(key.Length == 0 ? Path : Under(key), message);

    /// <summary>Notes what is wrong at a path that <see cref="Items"/> gave.</summary>
    public void ProblemAt(string path, string message) => _problems.Add(new OptionProblem(path, message));

    /// <summary>Reports each key that nobody asked for, with the nearest that is allowed, or else all that are.</summary>
    public void Done()
    {
        foreach (var key in _json.ValueKind == JsonValueKind.Object ? _json.EnumerateObject().Select(p => p.Name).Where(k => !_allowed.Contains(k)) : [])
        {
            var help = Nearest.To(key, _allowed) is { } nearest ? $"Did you mean '{nearest}'?"
                : _allowed.Count == 0 ? "This behaviour takes no options." : $"Allowed here: {string.Join(", ", _allowed)}.";
            Problem(Quoted.Cut(key, 60), $"there is no such key. {help}");
        }
    }

    /// <summary>The path of a key's value.</summary>
    public string Under(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Reads options that were checked when they were applied.</summary>
    /// <exception cref="InvalidOperationException">They are wrong: a release that checks more than the one that stored them.</exception>
    internal static T ReadSound<T>(string options, Func<OptionsReader, T> read)
    {
        var problems = new List<OptionProblem>();
        var result = read(new OptionsReader(Parse(options), "", problems));
        return problems is [var first, ..]
            ? throw new InvalidOperationException($"the options are wrong: {first.Path}: {first.Message} Correct them and apply them again.")
            : result;
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    internal static JsonElement Parse(string options)
    {
        using var document = JsonDocument.Parse(options.Length == 0 ? "{}" : options, Strict);
        return document.RootElement.Clone();
    }

    private static string Show(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? Kind(value) : Quoted.Of(value.ToString());

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null or JsonValueKind.Undefined => "nothing",
        _ => Quoted.Of(value.ToString()),
    };
}
