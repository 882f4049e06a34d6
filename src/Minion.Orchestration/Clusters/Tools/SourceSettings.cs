using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Tools;

/// <summary>
/// The settings of a source as JSON. References to secrets, such as <c>${FORGE_TOKEN}</c>, stay references: they are read where the server runs, when
/// the source is used.
/// </summary>
internal static partial class SourceSettings
{
    public static JsonNode? Read(YamlNode node, MapReader reader) =>
        YamlJson.Convert(node, scalar => reader.Resolve(new YamlScalar(scalar.Path, scalar.Position, Secret().Replace(scalar.Text, "$$$0"), scalar.IsPlain)));

    /// <summary>In a node whose texts are escaped, as <see cref="Agents.AgentYaml"/> does: the references as they are written in a file.</summary>
    public static string Unescape(string yaml) => EscapedSecret().Replace(yaml, "${${name}}");

    [GeneratedRegex(@"(?<!\$)\$\{[A-Z][A-Z0-9_]*_(API_KEY|TOKEN|SECRET|PASSWORD|CONNECTION)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$\$\{(?<name>[A-Z][A-Z0-9_]*_(API_KEY|TOKEN|SECRET|PASSWORD|CONNECTION))\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EscapedSecret();
}
