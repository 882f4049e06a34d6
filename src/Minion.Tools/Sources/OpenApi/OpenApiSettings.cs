using System.Text.Json;
using Minion.Tools.Sources.Http;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>What stands under <c>openapi:</c>. The description is given in one of three ways.</summary>
/// <param name="Document">As a text: JSON or YAML, up to 8 MiB.</param>
/// <param name="File">A file in the server's folder for such files.</param>
/// <param name="Url">Where it is fetched.</param>
/// <param name="Server">The API's URL where it is not the description's own.</param>
/// <param name="Operations">Which operations become tools; empty for all.</param>
/// <param name="Refresh">How long a fetched description is good; 1 minute to 7 days, default 1 h.</param>
/// <param name="Authentication">Who sends requests.</param>
/// <param name="Service">How requests are sent, without authentication.</param>
internal sealed record OpenApiSettings(
    string Document, string File, Uri? Url, Uri? Server, IReadOnlyList<string> Operations, TimeSpan Refresh, OpenApiAuthentication Authentication, HttpServiceSettings Service)
{
    public static OpenApiSettings Read(JsonElement settings, List<SourceProblem> problems)
    {
        // Only a URL or a file: the short form.
        if (settings.ValueKind == JsonValueKind.String)
        {
            var isUrl = settings.GetString()!.Contains("://", StringComparison.Ordinal);
            settings = JsonElement.Parse(new System.Text.Json.Nodes.JsonObject { [isUrl ? "url" : "file"] = settings.GetString() }.ToJsonString());
        }

        var reader = new SettingsReader(settings, "", problems);
        var read = new OpenApiSettings(
            reader.Json("document") is { ValueKind: JsonValueKind.Object } inline ? inline.GetRawText() : reader.Text("document", OpenApiText.Limit),
            reader.Text("file", longest: 500),
            HttpServiceSettings.Url(reader, "url", required: false),
            HttpServiceSettings.Url(reader, "server", required: false),
            reader.Texts("operations", most: 500),
            reader.Time("refresh", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
            OpenApiAuthentication.Read(reader),
            HttpServiceSettings.Read(reader, []));
        reader.Check(new[] { "document", "file", "url" }.Count(reader.Has) == 1, "", "must have exactly one of document, file and url.");
        reader.Done();
        return read;
    }
}
