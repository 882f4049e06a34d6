using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Minion.Models.Providers.Scripted;

/// <summary>Reads a script and collects everything that is wrong with it.</summary>
internal sealed partial class ScriptReader
{
    private const int MostRules = 200;
    private const int MostCalls = 16;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly List<(string Path, string Message)> _errors = [];

    public ScriptParsing Read(JsonElement json)
    {
        var script = ReadScript(json);
        return _errors.Count == 0 ? new ScriptParsing(script, []) : new ScriptParsing(null, _errors);
    }

    private Script? ReadScript(JsonElement json)
    {
        if (!Is(json, JsonValueKind.Object, "", "an object with rules"))
        {
            return null;
        }

        CheckKeys(json, "", ["delay", "rules", "otherwise"]);
        var rules = json.TryGetProperty("rules", out var list) ? ReadRules(list) : [];
        if (!json.TryGetProperty("rules", out _) && !json.TryGetProperty("otherwise", out _))
        {
            Error("", "needs rules, or at least otherwise.");
        }

        var otherwise = json.TryGetProperty("otherwise", out var text) ? Text(text, "otherwise") : Script.DefaultOtherwise;
        return new Script(json.TryGetProperty("delay", out var delay) ? ReadDelay(delay) : TimeSpan.Zero, rules, otherwise ?? "");
    }

    private List<Rule> ReadRules(JsonElement list)
    {
        if (!Is(list, JsonValueKind.Array, "rules", "a list") || !AtMost(list, MostRules, "rules"))
        {
            return [];
        }

        return [.. list.EnumerateArray().Select((rule, i) => ReadRule(rule, $"rules[{i}]")).OfType<Rule>()];
    }

    private Rule? ReadRule(JsonElement json, string path)
    {
        if (!Is(json, JsonValueKind.Object, path, "an object with match and say"))
        {
            return null;
        }

        CheckKeys(json, path, ["match", "calls", "say", "on_error", "sequence"]);
        var match = Required(json, path, "match") is { } pattern ? ReadPattern(pattern, $"{path}.match") : null;
        IReadOnlyList<string> captures = match?.GetGroupNames() ?? [];
        var sequence = json.TryGetProperty("sequence", out var flag) && ReadFlag(flag, $"{path}.sequence");
        var calls = json.TryGetProperty("calls", out var list) ? ReadCalls(list, $"{path}.calls", captures, sequence, match is not null) : [];
        var tools = calls.ConvertAll(c => c.Tool);

        Template? Template(string? text, string key, bool hasError) => text is null
            ? null
            : ReadTemplate(text, $"{path}.{key}", new TemplateScope(captures, tools, hasError), match is not null);

        var say = Template(Required(json, path, "say"), "say", hasError: false);
        var onError = Template(json.TryGetProperty("on_error", out var text) ? Text(text, $"{path}.on_error") : null, "on_error", hasError: true);
        return match is null || say is null ? null : new Rule(path, match, calls, sequence, say, onError);
    }

    private List<RuleCall> ReadCalls(JsonElement list, string path, IReadOnlyList<string> captures, bool sequence, bool capturesKnown)
    {
        var calls = new List<RuleCall>();
        if (!Is(list, JsonValueKind.Array, path, "a list") || !AtMost(list, MostCalls, path))
        {
            return calls;
        }

        foreach (var (json, index) in list.EnumerateArray().Select((json, i) => (json, i)))
        {
            var at = $"{path}[{index}]";
            if (!Is(json, JsonValueKind.Object, at, "an object with tool and arguments"))
            {
                continue;
            }

            CheckKeys(json, at, ["tool", "arguments"]);
            // Only the calls of a sequence see the results of those before them.
            var scope = new TemplateScope(captures, sequence ? calls.ConvertAll(c => c.Tool) : [], HasError: false);
            var tool = Required(json, at, "tool") ?? "";
            calls.Add(new RuleCall(tool, ReadArguments(json, $"{at}.arguments", scope, capturesKnown)));
        }

        return calls;
    }

    private ArgumentTemplate ReadArguments(JsonElement call, string path, TemplateScope scope, bool capturesKnown)
    {
        if (!call.TryGetProperty("arguments", out var json) || !Is(json, JsonValueKind.Object, path, "an object"))
        {
            return new ArgumentTemplate.Object([]);
        }

        return ReadArgument(json, path, scope, capturesKnown);
    }

    private ArgumentTemplate ReadArgument(JsonElement json, string path, TemplateScope scope, bool capturesKnown) => json.ValueKind switch
    {
        JsonValueKind.Object => new ArgumentTemplate.Object(
            [.. json.EnumerateObject().Select(m => (m.Name, ReadArgument(m.Value, $"{path}.{m.Name}", scope, capturesKnown)))]),
        JsonValueKind.Array => new ArgumentTemplate.Array(
            [.. json.EnumerateArray().Select((item, i) => ReadArgument(item, $"{path}[{i}]", scope, capturesKnown))]),
        JsonValueKind.String => new ArgumentTemplate.Text(ReadTemplate(json.GetString()!, path, scope, capturesKnown)),
        _ => new ArgumentTemplate.Constant(JsonNode.Parse(json.GetRawText())),
    };

    private Template ReadTemplate(string text, string path, TemplateScope scope, bool capturesKnown) =>
        // Without a valid pattern its captures are unknown: one error for one mistake.
        Template.Parse(text, scope, message => { if (capturesKnown) { Error(path, message); } });

    private Regex? ReadPattern(string pattern, string path)
    {
        if (pattern.Length > Patterns.Longest)
        {
            Error(path, $"is {pattern.Length} characters long; at most {Patterns.Longest} are allowed.");
            return null;
        }

        try
        {
            return Patterns.Compile(pattern);
        }
        catch (ArgumentException error)
        {
            Error(path, $"is not a .NET regular expression: {error.Message}");
            return null;
        }
    }

    private TimeSpan ReadDelay(JsonElement json)
    {
        var text = json.ValueKind == JsonValueKind.Number ? json.GetRawText() : json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
        var duration = DurationPattern.Match(text);
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (!duration.Success
            || !double.TryParse(duration.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || (duration.Groups["unit"].Value == "s" ? 1000 : 1) * number is var milliseconds && milliseconds > LongestDelay.TotalMilliseconds)
        {
            Error("delay", $"'{Texts.Shorten(json.ToString())}' is not a pause between words: a number with ms or s, at most 10s, for example 30ms.");
            return TimeSpan.Zero;
        }

        return TimeSpan.FromMilliseconds(milliseconds);
    }

    private bool ReadFlag(JsonElement json, string path)
    {
        if (json.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Error(path, "must be true or false.");
        }

        return json.ValueKind == JsonValueKind.True;
    }

    private string? Required(JsonElement json, string path, string key)
    {
        if (!json.TryGetProperty(key, out var value))
        {
            Error(path, $"needs {key}.");
            return null;
        }

        var text = Text(value, $"{path}.{key}");
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            Error($"{path}.{key}", "must not be empty.");
            return null;
        }

        return text;
    }

    private string? Text(JsonElement json, string path) => Is(json, JsonValueKind.String, path, "a text") ? json.GetString() : null;

    private bool Is(JsonElement json, JsonValueKind kind, string path, string expected)
    {
        if (json.ValueKind != kind)
        {
            Error(path, $"must be {expected}, not {Describe(json.ValueKind)}.");
        }

        return json.ValueKind == kind;
    }

    private bool AtMost(JsonElement list, int most, string path)
    {
        if (list.GetArrayLength() > most)
        {
            Error(path, $"has {list.GetArrayLength()} items; at most {most} are allowed.");
        }

        return list.GetArrayLength() <= most;
    }

    private void CheckKeys(JsonElement json, string path, string[] allowed)
    {
        foreach (var key in json.EnumerateObject().Select(m => m.Name).Where(k => !allowed.Contains(k)))
        {
            var shown = Texts.Shorten(key);
            Error(path.Length == 0 ? shown : $"{path}.{shown}", $"is not a key here{Texts.Nearest(key, allowed)}; allowed: {string.Join(", ", allowed)}.");
        }
    }

    private void Error(string path, string message) => _errors.Add((path, message));

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "nothing",
    };

    [GeneratedRegex("^(?<number>[0-9]{1,6}(?:[.][0-9]{1,3})?)(?<unit>ms|s)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DurationPattern { get; }
}
