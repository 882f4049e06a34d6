using System.Text.Json;

namespace Minion.Edge.OpenAi.Json;

/// <summary>An object of a request, read field by field. Fields that nobody asks for are ignored, as OpenAI does; null is as good as absent.</summary>
/// <param name="Json">The object; anything else counts as one without fields.</param>
/// <param name="List">The path of the list that it stands in, or of itself.</param>
/// <param name="Index">Its position in the list; -1 when it stands in none.</param>
/// <param name="Problems">What is wrong so far.</param>
internal readonly record struct Fields(JsonElement Json, string List, int Index, Problems Problems)
{
    public Fields(JsonElement json, Problems problems)
        : this(json, "", -1, problems)
    {
    }

    /// <summary>Where it is in the request.</summary>
    public string Path => Index < 0 ? List : $"{List}[{Index}]";

    public bool IsObject => Json.ValueKind == JsonValueKind.Object;

    public string At(string name) => List.Length == 0 ? name : $"{Path}.{name}";

    public void Wrong(string name, string message) => Problems.Add(At(name), message);

    public JsonElement? Get(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? Unicode(name, value)
        : Wrong<string>(name, "must be a string.");

    public string RequiredText(string name) => Text(name) is { Length: > 0 } text ? text
        : Get(name) is null or { ValueKind: JsonValueKind.String } ? Wrong<string>(name, "is missing.") ?? "" : "";

    public double? Number(string name, double least, double most) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number
        : Wrong<double?>(name, $"must be a number from {least} to {most}.");

    public long? Whole(string name, long least, long most = long.MaxValue) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most ? number
        : Wrong<long?>(name, most == long.MaxValue ? $"must be a whole number of at least {least}." : $"must be a whole number from {least} to {most}.");

    public bool? Flag(string name) => Get(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True
        : Wrong<bool?>(name, "must be true or false.");

    /// <summary>An object below this one; null when it is absent.</summary>
    public Fields? Object(string name) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new Fields(value, At(name), -1, Problems)
        : Wrong<Fields?>(name, "must be an object.");

    /// <summary>The items of a list; none when it is absent.</summary>
    public IEnumerable<Fields> Items(string name)
    {
        if (Get(name) is not { } value)
        {
            yield break;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(name, "must be a list.");
            yield break;
        }

        var (path, index) = (At(name), 0);
        foreach (var item in value.EnumerateArray())
        {
            yield return new Fields(item, path, index++, Problems);
        }
    }

    private T? Wrong<T>(string name, string message)
    {
        Wrong(name, message);
        return default;
    }

    private string? Unicode(string name, JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return Wrong<string>(name, "holds text that is not Unicode.");
        }
    }
}
