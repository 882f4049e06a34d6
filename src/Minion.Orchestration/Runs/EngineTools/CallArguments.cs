using System.Text.Json;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>The arguments of a call: an object of texts. Notes what is missing, so that the model reads of all of it at once.</summary>
internal sealed class CallArguments
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _others = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly CallState _call;

    public CallArguments(CallState call)
    {
        _call = call;
        try
        {
            using var json = JsonDocument.Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                _problems.Add("The arguments are not a JSON object.");
                return;
            }

            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.String)
                {
                    _texts[property.Name] = property.Value.GetString()!;
                }
                else if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    _others[property.Name] = property.Value.Clone();
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            _problems.Add($"The arguments are not JSON: {error.Message}");
        }
    }

    /// <summary>A text that must be there and have at most <paramref name="longest"/> characters.</summary>
    public string Text(string name, int longest)
    {
        var text = StoredText.Clean(_texts.GetValueOrDefault(name, ""));
        if (string.IsNullOrWhiteSpace(text))
        {
            _problems.Add($"'{name}' is missing: it must be a text.");
        }
        else if (text.Length > longest)
        {
            _problems.Add($"'{name}' has {text.Length} characters; at most {longest} are allowed.");
        }

        return text;
    }

    /// <summary>Different texts that may be left out: at most <paramref name="most"/>, of 1 to <paramref name="longest"/> characters.</summary>
    public IReadOnlyList<string> Texts(string name, int most, int longest)
    {
        if (_texts.ContainsKey(name) || (_others.TryGetValue(name, out var list) && !IsTexts(list)))
        {
            _problems.Add($"'{name}' must be an array of texts.");
            return [];
        }

        if (!_others.ContainsKey(name))
        {
            return [];
        }

        IReadOnlyList<string> texts = [.. list.EnumerateArray().Select(i => StoredText.Clean(i.GetString()!).Trim())];
        if (texts.Count > most || texts.Any(t => t.Length < 1 || t.Length > longest) || texts.Distinct(StringComparer.Ordinal).Count() < texts.Count)
        {
            _problems.Add($"'{name}' must have at most {most} different texts of 1 to {longest} characters.");
        }

        return texts;
    }

    private static bool IsTexts(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String);

    /// <summary>The call's failure; null when its arguments are right.</summary>
    public Settle? Refusal(string hint) => _problems.Count == 0
        ? null
        : new Settle(_call, new CallReturned(_call.Request.Tool, Result: null, new CallFailure("invalid_arguments", string.Join(' ', _problems), hint)));
}
