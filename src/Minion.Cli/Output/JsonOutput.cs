using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;

namespace Minion.Cli.Output;

/// <summary>
/// JSON for programs: messages as proto3's JSON mapping says, with the field names of the .proto files. 64-bit numbers are
/// strings there, as in every proto3 JSON.
/// </summary>
internal static class JsonOutput
{
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

    public static JsonSerializerOptions Compact { get; } = Options(indented: false);

    public static JsonSerializerOptions Indented { get; } = Options(indented: true);

    private static readonly JsonFormatter BriefFormatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>One line, without what has its default.</summary>
    public static string Brief(IMessage message) => BriefFormatter.Format(message);

    public static JsonNode Node(IMessage message) => JsonNode.Parse(Formatter.Format(message))!;

    /// <summary>A list of messages as one document.</summary>
    public static JsonArray Nodes(IEnumerable<IMessage> messages) => new([.. messages.Select(Node)]);

    /// <summary>Text that should be JSON, as JSON; what is not stays a string.</summary>
    public static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    public static void Document(this Terminal terminal, JsonNode node) => terminal.Out.WriteLine(node.ToJsonString(Indented));

    public static void Document(this Terminal terminal, IMessage message) => terminal.Document(Node(message));

    public static void Line(this Terminal terminal, JsonNode node)
    {
        terminal.Out.WriteLine(node.ToJsonString(Compact));
        terminal.Out.Flush();
    }

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };
}
