using System.Text.Json;
using Minion.Tools.Sources.Http;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.Grpc;

/// <summary>What stands under <c>grpc:</c>. The descriptor set is what <c>protoc --include_imports --descriptor_set_out</c> writes.</summary>
/// <param name="Address">http (plain text) or https.</param>
/// <param name="Descriptor">As base64, up to 4 MiB; null when it is a file or wrong.</param>
/// <param name="File">A file in the server's folder for such files.</param>
/// <param name="Methods">Which become tools: <c>package.Service/Method</c>, with wildcards; empty for all.</param>
/// <param name="ReadOnly">Which of them change nothing, in the same way. A method's own <c>idempotency_level</c> counts too.</param>
/// <param name="Metadata">Sent with each call; values may refer to variables.</param>
/// <param name="Authentication">Who calls; null for nobody in particular.</param>
/// <param name="Timeout">Of one call; 100 ms to 5 minutes, default 20 s.</param>
/// <param name="MaxBytes">Of one message; 1 KiB to 16 MiB, default 4 MiB.</param>
/// <param name="MaxMessages">Of a stream, after which it is ended; 1 to 1,000, default 100.</param>
internal sealed record GrpcSettings(
    Uri? Address,
    byte[]? Descriptor,
    string File,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> ReadOnly,
    IReadOnlyList<KeyValuePair<string, string>> Metadata,
    HttpAuthentication? Authentication,
    TimeSpan Timeout,
    int MaxBytes,
    int MaxMessages)
{
    /// <summary>Bytes of a descriptor set.</summary>
    public const int LargestDescriptor = 4 * 1024 * 1024;

    public static GrpcSettings Read(JsonElement settings, List<SourceProblem> problems)
    {
        var reader = new SettingsReader(settings, "", problems);
        var address = HttpServiceSettings.Url(reader, "url", required: true);
        reader.Check(address is null || address.PathAndQuery == "/", "url", "must have no path.");
        var read = new GrpcSettings(
            address,
            Base64(reader),
            reader.Text("file", longest: 500),
            reader.Texts("methods", most: 500),
            reader.Texts("read_only", most: 500),
            reader.Map("metadata"),
            HttpAuthentication.Read(reader.Object("auth")),
            reader.Time("timeout", TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            reader.Number("max_bytes", 4 * 1024 * 1024, 1024, 16 * 1024 * 1024),
            reader.Number("max_messages", 100, 1, 1000));
        foreach (var name in read.Metadata.Select(entry => entry.Key))
        {
            reader.Check(HttpNames.IsToken(name) && !HttpNames.IsReserved(name) && !name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase), $"metadata/{Schemas.JsonPointer.Escape(name)}", "is no metadata that can be set.");
        }

        reader.Check(
            read.Authentication?.Kind is null or AuthenticationKind.Bearer or AuthenticationKind.Basic or AuthenticationKind.Header, "auth", "must be bearer, basic or header.");
        reader.Check(reader.Has("descriptor") != reader.Has("file"), "", "must have either descriptor or file.");
        reader.Done();
        return read;
    }

    private static byte[]? Base64(SettingsReader reader)
    {
        var text = reader.Text("descriptor", longest: LargestDescriptor / 3 * 4);
        var bytes = new byte[text.Length];
        return text.Length > 0 && reader.Check(Convert.TryFromBase64String(text, bytes, out var length), "descriptor", "must be a descriptor set as base64.") ? bytes[..length] : null;
    }
}
