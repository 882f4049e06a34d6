using System.Text.Json;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.Http;

/// <summary>What stands under <c>http:</c>.</summary>
/// <param name="Url">Where the paths begin; null only when it is wrong.</param>
/// <param name="Service">How requests are sent.</param>
/// <param name="Operations">At least one, at most 200.</param>
internal sealed record HttpSettings(Uri? Url, HttpServiceSettings Service, IReadOnlyList<HttpOperation> Operations)
{
    private const int MostTools = 200;

    public static HttpSettings Read(JsonElement settings, List<SourceProblem> problems)
    {
        var reader = new SettingsReader(settings, "", problems);
        var url = HttpServiceSettings.Url(reader, "url", required: true);
        var service = HttpServiceSettings.Read(reader, HttpAuthentication.Read(reader.Object("auth")) is { } way ? [way] : []);
        var operations = reader.Objects("tools", MostTools).Select(HttpToolSettings.Read).OfType<HttpOperation>().ToList();
        reader.Check(reader.Json("tools") is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0, "tools", "must be a list with at least one tool.");
        foreach (var twice in operations.GroupBy(operation => operation.Id, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
        {
            reader.Problem("tools", $"must have names that differ; '{twice.Key}' stands there {twice.Count()} times.");
        }

        reader.Done();
        return new HttpSettings(url, service, operations);
    }
}
