using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>The JSON of one schema while its keywords are compiled: typed access that reports what has the wrong type.</summary>
internal sealed class SchemaSource(SchemaCompiler compiler, SchemaDocument document, JsonElement schema, string pointer)
{
    /// <summary>The value of <paramref name="keyword"/>, whatever its type, or null.</summary>
    public JsonElement? Value(string keyword) => schema.TryGetProperty(keyword, out var value) ? value : null;

    /// <summary>The text of <paramref name="keyword"/>, or null.</summary>
    public string? Text(string keyword) => Value(keyword) is { } value
        ? Expect(value.ValueKind == JsonValueKind.String, keyword, "must be a string") ? value.GetString() : null
        : null;

    /// <summary>The number at <paramref name="keyword"/>, or null.</summary>
    public JsonNumber? Number(string keyword) => Value(keyword) is { } value
        && Expect(value.ValueKind == JsonValueKind.Number, keyword, "must be a number") ? JsonNumber.Of(value) : null;

    /// <summary>The count at <paramref name="keyword"/>, or null.</summary>
    public int? Count(string keyword)
    {
        if (Value(keyword) is not { } value)
        {
            return null;
        }

        var count = 0m;
        return Expect(
            value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out count) && count >= 0 && decimal.IsInteger(count),
            keyword,
            "must be an integer from 0") ? (int)Math.Min(count, int.MaxValue) : null;
    }

    /// <summary>The strings in the list at <paramref name="keyword"/>, or null.</summary>
    public string[]? Strings(string keyword) => Value(keyword) is { } value ? Strings(keyword, value) : null;

    /// <summary>The strings in <paramref name="value"/>, or null when it is no list of strings.</summary>
    public string[]? Strings(string keyword, JsonElement value) => Expect(
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
        keyword,
        "must be a list of strings") ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : null;

    /// <summary>The schema at <paramref name="keyword"/>, or null.</summary>
    public SchemaNode? Schema(string keyword) => Value(keyword) is null ? null : compiler.NodeAt(document, At(keyword));

    /// <summary>The schemas in the list at <paramref name="keyword"/>, or null.</summary>
    public SchemaNode[]? Schemas(string keyword)
    {
        if (Value(keyword) is not { } value
            || !Expect(value.ValueKind == JsonValueKind.Array, keyword, "must be a list of schemas"))
        {
            return null;
        }

        return [.. Enumerable.Range(0, value.GetArrayLength()).Select(i => compiler.NodeAt(document, JsonPointer.Append(At(keyword), i)))];
    }

    /// <summary>The schemas in the object at <paramref name="keyword"/> by their key, or null.</summary>
    public Dictionary<string, SchemaNode>? SchemaMap(string keyword) => Members(keyword)?.ToDictionary(
        member => member.Key, member => NodeAt(keyword, member.Key), StringComparer.Ordinal);

    /// <summary>The members of the object at <paramref name="keyword"/>, or null.</summary>
    public Dictionary<string, JsonElement>? Members(string keyword)
    {
        if (Value(keyword) is not { } value || !Expect(value.ValueKind == JsonValueKind.Object, keyword, "must be an object"))
        {
            return null;
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }

    /// <summary>The schema at a member of the object at <paramref name="keyword"/>.</summary>
    public SchemaNode NodeAt(string keyword, string member) => compiler.NodeAt(document, JsonPointer.Append(At(keyword), member));

    /// <summary>What <paramref name="reference"/> refers to; null, and reported, when that is not there.</summary>
    public SchemaTarget? Find(string keyword, string reference)
    {
        var target = compiler.Find(document.ResourceAt(pointer), reference);
        Expect(target is not null, keyword, $"refers to '{reference}', which is not there (nothing is fetched)");
        return target;
    }

    /// <summary>The node that <paramref name="target"/> leads to.</summary>
    public SchemaNode NodeAt(SchemaTarget target) => compiler.NodeAt(target.Resource.Document, target.Pointer);

    /// <summary>Reports <paramref name="message"/> unless <paramref name="holds"/>; returns <paramref name="holds"/>.</summary>
    public bool Expect(bool holds, string keyword, string message)
    {
        if (!holds)
        {
            compiler.Report(At(keyword), keyword, message);
        }

        return holds;
    }

    private string At(string keyword) => JsonPointer.Append(pointer, keyword);
}
