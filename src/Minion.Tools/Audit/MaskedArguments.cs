using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Minion.Tools.Schemas;

namespace Minion.Tools.Audit;

/// <summary>
/// Arguments as the audit keeps them: what is secret by its name, its schema, a policy or its looks is hidden, and what is long is cut. Whoever
/// reads the audit sees what was asked, not with which key.
/// </summary>
internal static partial class MaskedArguments
{
    private const string Mask = "•••";
    private const int LongestText = 500;
    private const int LongestNumber = 40;
    private const int MostBytes = 16 * 1024;
    private const int MostItems = 100;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Pointers to the arguments that a schema says are secret: <c>writeOnly</c>, or of the format <c>password</c>.</summary>
    public static IEnumerable<string> In(string inputSchema)
    {
        using var schema = JsonDocument.Parse(inputSchema);
        return schema.RootElement.ValueKind == JsonValueKind.Object && schema.RootElement.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? [.. properties.EnumerateObject().Where(property => IsSecret(property.Value)).Select(property => "/" + JsonPointer.Escape(property.Name))]
            : [];
    }

    /// <summary>JSON of at most 16 KiB.</summary>
    /// <param name="arguments">The arguments as they were sent, or as they were repaired.</param>
    /// <param name="masked">Pointers to what is to be hidden besides.</param>
    public static string Of(JsonElement arguments, IReadOnlyList<string> masked)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            Write(writer, arguments, masked, path: "");
        }

        return buffer.WrittenCount <= MostBytes ? Encoding.UTF8.GetString(buffer.WrittenSpan) : $$"""{"…":"{{buffer.WrittenCount}} bytes"}""";
    }

    /// <summary>Whether there is something in the text that looks like a secret.</summary>
    public static bool LooksSecret(string text)
    {
        try
        {
            return Secrets().IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>A text without what looks like a secret, cut when it is long.</summary>
    public static string Clean(string text)
    {
        var cut = text.Length > LongestText ? $"{text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)]}… [{text.Length} characters]" : text;
        try
        {
            cut = Secrets().Replace(cut, match => match.Groups["keep"].Value + Mask);
        }
        catch (RegexMatchTimeoutException)
        {
            return Mask;
        }

        // PostgreSQL keeps no such character.
        return cut.Replace('\0', '\uFFFD');
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, IReadOnlyList<string> masked, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().Take(MostItems))
                {
                    WriteMember(writer, member, masked, $"{path}/{JsonPointer.Escape(member.Name)}");
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var (i, item) in value.EnumerateArray().Take(MostItems).Index())
                {
                    Write(writer, item, masked, $"{path}/{i}");
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Clean(value.GetString()!));
                break;
            case JsonValueKind.Number when value.GetRawText() is var number && (number.Length > LongestNumber || !double.IsFinite(value.GetDouble())):
                writer.WriteStringValue(Clean(number));
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteMember(Utf8JsonWriter writer, JsonProperty member, IReadOnlyList<string> masked, string path)
    {
        writer.WritePropertyName(Clean(member.Name));
        var isSecret = masked.Contains(path) || (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Object or JsonValueKind.Array && SecretName().IsMatch(member.Name));
        if (isSecret)
        {
            writer.WriteStringValue(Mask);
        }
        else
        {
            Write(writer, member.Value, masked, path);
        }
    }

    private static bool IsSecret(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && ((schema.TryGetProperty("writeOnly", out var writeOnly) && writeOnly.ValueKind == JsonValueKind.True)
            || (schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String && format.GetString() == "password"));

    [GeneratedRegex(
        @"pass(word|wd|phrase|code)|pwd|secret|token\z|tokens?_?(id|value)\z|api_?-?key|access_?-?key|private_?-?key|credential|authorization|\bauth\b|cookie|session_?-?key|cvv|cvc|card_?-?number",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    // Bearer and basic credentials, keys of well-known shapes, JSON Web Tokens, PEM blocks, user names with passwords in addresses, and
    // name=value pairs of connection strings and queries.
    [GeneratedRegex(
        """
        (?<keep>\b(bearer|basic)\s+)[\w~+/.=-]{8,}
        | \b(sk|pk|rk)[-_][\w-]{16,}
        | \b(ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|AKIA|ASIA|AIza)[-_\w]{12,}
        | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*
        | (?<keep>-----BEGIN\ [A-Z\ ]{0,30}PRIVATE\ KEY-----)[\s\S]*
        | (?<keep>://[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)
        | (?<keep>\b(password|passwd|pwd|secret|api[-_]?key|access[-_]?token|token|signature|sig)\s*[=:]\s*"?)[^\s;&,"]{1,500}
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Secrets();
}
