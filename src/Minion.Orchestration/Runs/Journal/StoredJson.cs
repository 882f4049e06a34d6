using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>
/// JSON as PostgreSQL and other programs can hold it. The grammar alone also allows half of a surrogate pair, and numbers without an end: RFC 8259,
/// sections 6 and 8.2 (https://www.rfc-editor.org/rfc/rfc8259).
/// </summary>
internal static class StoredJson
{
    private static readonly JsonDocumentOptions OfArguments = new() { AllowDuplicateProperties = false };

    /// <summary>Why a text is no such JSON; null when it is.</summary>
    public static string? Problem(string text, int deepest)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = deepest });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    _ = reader.GetString();
                }
                else if (reader.TokenType == JsonTokenType.Number && !IsNumber(reader.ValueSpan))
                {
                    return $"has a number at character {reader.TokenStartIndex + 1} that is too large; numbers go to 1.8e308.";
                }
            }

            return null;
        }
        catch (JsonException error)
        {
            return $"is not JSON of at most {deepest} levels: {Yaml.Quoted.Cut(error.Message, 200)}";
        }
        catch (InvalidOperationException)
        {
            return $"has half of a surrogate pair in the text at character {reader.TokenStartIndex + 1}, which is no character; remove it.";
        }
    }

    /// <summary>Why a text cannot be the arguments of a call, where no text means none; null when it can.</summary>
    public static string? ProblemOfArguments(string text, int deepest)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (Problem(text, deepest) is { } problem)
        {
            return problem;
        }

        try
        {
            using var document = JsonDocument.Parse(text, OfArguments);
            return document.RootElement.ValueKind == JsonValueKind.Object ? null : "is no JSON object.";
        }
        catch (JsonException error)
        {
            return $"is not JSON: {Yaml.Quoted.Cut(error.Message, 200)}";
        }
    }

    private static bool IsNumber(ReadOnlySpan<byte> digits) =>
        double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
}
