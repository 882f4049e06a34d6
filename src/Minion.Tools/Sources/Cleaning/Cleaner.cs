using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Minion.Tools.Sources.Cleaning;

/// <summary>Takes texts out of others, wherever they stand; also the beginning of one before a cut.</summary>
internal sealed class Cleaner
{
    private const string Mask = "***";
    private const int ShortestSecret = 6;
    private const int ShortestCut = 200;
    private const int MostCuts = 100;
    private const char Cut = '…';
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };
    private readonly string[] _hidden;
    private readonly SearchValues<string> _any;

    /// <param name="secrets">Those that are shorter than six characters cannot be told from other words.</param>
    public Cleaner(IEnumerable<string> secrets)
    {
        // The longest first: one may be a part of another.
        _hidden = [.. secrets.Where(secret => secret.Length >= ShortestSecret).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length)];
        _any = SearchValues.Create(_hidden, StringComparison.Ordinal);
    }

    public string Clean(string text)
    {
        if (text.Length < ShortestSecret || _hidden.Length == 0)
        {
            return text;
        }

        var clean = text.AsSpan().ContainsAny(_any) ? _hidden.Aggregate(text, (shown, secret) => shown.Replace(secret, Mask, StringComparison.Ordinal)) : text;
        return WithoutBeginnings(clean);
    }

    /// <summary>The same value where there is nothing to take out.</summary>
    public JsonElement Clean(JsonElement value)
    {
        if (_hidden.Length == 0 || value.ValueKind == JsonValueKind.Undefined || !Finds(value))
        {
            return value;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            Write(writer, value);
        }

        return JsonElement.Parse(buffer.WrittenSpan, Deep);
    }

    private bool Finds(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => Changes(Name(member)) || Finds(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(Finds),
        JsonValueKind.String => Changes(Text(value)),
        JsonValueKind.Number => Changes(value.GetRawText()),
        _ => false,
    };

    private bool Changes(string? text) => text is not null && !ReferenceEquals(Clean(text), text);

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(Clean(Name(member) ?? ""));
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when Text(value) is { } text:
                writer.WriteStringValue(Clean(text));
                break;
            case JsonValueKind.Number when Changes(value.GetRawText()):
                writer.WriteStringValue(Mask);
                break;
            default:
                // As it stands, also when it is no text.
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    /// <summary>Texts are cut where they are long: what is left of a secret there is no less of one.</summary>
    private string WithoutBeginnings(string text)
    {
        if (text.Length >= ShortestCut || text[^1] == Cut)
        {
            for (var (end, cuts) = (text.Length, 0); end >= ShortestSecret && cuts < MostCuts; end = text.LastIndexOf(Cut, end - 1), cuts++)
            {
                foreach (var secret in _hidden)
                {
                    var longest = Math.Min(secret.Length - 1, end);
                    for (var length = longest; length >= ShortestSecret; length--)
                    {
                        if (text.AsSpan(0, end).EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
                        {
                            text = string.Concat(text.AsSpan(0, end - length), Mask, text.AsSpan(end));
                            end = end - length + Mask.Length;
                            break;
                        }
                    }
                }
            }
        }

        return text;
    }

    // Half of a surrogate pair is allowed by the grammar of JSON, and is no text.
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
