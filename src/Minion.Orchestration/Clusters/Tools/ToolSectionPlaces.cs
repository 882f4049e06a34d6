using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Minion.Contracts.Faults;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Tools;

/// <summary>Finds the places in a file that the tool service's words are about. Pure.</summary>
internal static partial class ToolSectionPlaces
{
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["timeout_ms"] = "timeout",
        ["cache_seconds"] = "cache",
        ["approval.condition"] = "approval",
        ["approval.timeout_seconds"] = "approval.timeout",
    };

    /// <param name="file">The file.</param>
    /// <param name="items">Its section <c>tools</c>, as the request was made of it.</param>
    /// <param name="violation">What the service says of the request.</param>
    /// <param name="problems">Takes it, with its place in the file.</param>
    public static void Add(ClusterFile file, JsonArray items, FieldViolation violation, Problems problems)
    {
        var list = (file.Node.Find(ToolSectionReader.Key) as YamlList)?.Items ?? [];
        var match = Field().Match(violation.Field);
        if (!match.Success || Index(items, match) is not { } index || index >= list.Count || list[index] is not YamlMap node)
        {
            problems.Add(YamlPlace.Nearest(file.Node, ToolSectionReader.Key).Position, ToolSectionReader.Key, $"{violation.Field}: {violation.Message}");
            return;
        }

        var kind = ToolSectionReader.KindOf((JsonObject)items[index]!) ?? "name";
        var rest = match.Groups["rest"].Value;
        problems.AddUnder(node, match.Groups["part"].Value switch
        {
            "settings" => kind + Path(rest),
            "kind" => kind,
            "policy" => Policy(rest.TrimStart('.')),
            _ => "name",
        }, violation.Message);
    }

    /// <summary>The place of the request's n-th source or policy in the section.</summary>
    private static int? Index(JsonArray items, Match match)
    {
        var isSource = match.Groups["list"].Value == "sources";
        var number = int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture);
        var places = items.Select((item, i) => (Item: (JsonObject)item!, i)).Where(x => ToolSectionReader.KindOf(x.Item) is not null == isSource).ToList();
        return number < places.Count ? places[number].i : null;
    }

    private static string Policy(string field) => Renamed.FirstOrDefault(r => field == r.Key || field.StartsWith(r.Key + ".", StringComparison.Ordinal)).Value ?? field;

    /// <summary>A JSON Pointer (RFC 6901) as a path of the file.</summary>
    private static string Path(string pointer) => string.Concat(pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
        .Select(p => p.All(char.IsAsciiDigit) ? $"[{p}]" : "." + p));

    [GeneratedRegex(@"^(?<list>sources|policies)\[(?<index>[0-9]{1,4})\]\.(?<part>name|kind|settings|policy)(?<rest>.*)\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Field();
}
