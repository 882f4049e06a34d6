using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Minion.Tools.Mcp.Tools;

/// <summary>What tells one definition of a tool from another: all that a model or an administrator is told of it.</summary>
internal static class Fingerprints
{
    private static readonly string[] Parts = ["description", "inputSchema", "outputSchema", "annotations"];

    /// <summary>By the tool's name there; two tools of one name have one together.</summary>
    public static FrozenDictionary<string, string> Of(IEnumerable<JsonObject> listed) => listed
        .GroupBy(entry => ToolResults.Text(entry["name"]), StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => string.Join(' ', group.Select(Of)), StringComparer.Ordinal);

    private static string Of(JsonObject entry) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', Parts.Select(part => entry[part]?.ToJsonString() ?? "")))));
}
