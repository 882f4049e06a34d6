using System.Globalization;
using System.Text.Json;

namespace Minion.Orchestration.Inbox;

/// <summary>One field of a form: a text, a number, yes or no, or one or several of some values.</summary>
/// <param name="Name">Its key in the answer.</param>
/// <param name="Type"><c>string</c>, <c>number</c>, <c>integer</c>, <c>boolean</c> or <c>array</c> (of texts).</param>
/// <param name="IsRequired">Whether it must be given.</param>
internal sealed record FormField(string Name, string Type, bool IsRequired)
{
    /// <summary>The values that are possible; null for any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    /// <summary><c>email</c>, <c>uri</c>, <c>date</c>, <c>date-time</c>, or anything else, which is not checked.</summary>
    public string? Format { get; init; }

    /// <summary>What is wrong with a value; null when nothing is. Continues "… " after the name.</summary>
    public string? ProblemOf(JsonElement value) => (Type, value.ValueKind) switch
    {
        ("string", JsonValueKind.String) => ProblemOfText(value.GetString()!),
        ("string", _) => "must be a text.",
        ("boolean", JsonValueKind.True or JsonValueKind.False) => null,
        ("boolean", _) => "must be true or false.",
        ("number" or "integer", JsonValueKind.Number) => ProblemOfNumber(value),
        ("number" or "integer", _) => "must be a number.",
        ("array", JsonValueKind.Array) => ProblemOfList([.. value.EnumerateArray()]),
        _ => "must be a list of texts.",
    };

    private string? ProblemOfText(string text)
    {
        if (Choices is not null && !Choices.Contains(text))
        {
            return $"must be one of {string.Join(", ", Choices)}.";
        }

        if (text.Length < MinLength || text.Length > MaxLength)
        {
            return $"must have {Range(MinLength, MaxLength)} characters, but has {text.Length}.";
        }

        var fits = Format switch
        {
            "email" => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => text.Contains('T', StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
            _ => true,
        };
        return fits ? null : $"must be of the form '{Format}'.";
    }

    private string? ProblemOfNumber(JsonElement value)
    {
        var number = value.GetDouble();
        return Type == "integer" && number != Math.Floor(number) ? "must be a whole number."
            : number < Minimum || number > Maximum ? $"must be {Range(Minimum, Maximum)}."
            : null;
    }

    private string? ProblemOfList(IReadOnlyList<JsonElement> items) =>
        items.Any(i => i.ValueKind != JsonValueKind.String) ? "must be a list of texts."
        : items.Any(i => Choices?.Contains(i.GetString()!) == false) ? $"may have {string.Join(", ", Choices!)} only."
        : items.Count < MinLength || items.Count > MaxLength ? $"must have {Range(MinLength, MaxLength)} entries, but has {items.Count}."
        : null;

    private static string Range<T>(T? least, T? most)
        where T : struct, IFormattable
    {
        var from = least?.ToString(null, CultureInfo.InvariantCulture);
        var to = most?.ToString(null, CultureInfo.InvariantCulture);
        return from is null ? $"at most {to}" : to is null ? $"at least {from}" : $"{from} to {to}";
    }
}
