using System.Globalization;

namespace Minion.Yaml;

/// <summary>Finds nodes by the text of a path.</summary>
public static class YamlPlace
{
    /// <summary>The node at <paramref name="path"/> below <paramref name="node"/>, or the last one on the way that the file has.</summary>
    public static YamlNode Nearest(YamlNode node, string path)
    {
        while (path.Length > 0 && Step(node, path) is var (next, below) && next is not null)
        {
            (node, path) = (next, below);
        }

        return node;
    }

    private static (YamlNode? Next, string Below) Step(YamlNode node, string path)
    {
        if (node is YamlList list && path[0] == '[')
        {
            var end = path.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && int.TryParse(path.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Items.Count
                ? (list.Items[i], path[(end + 1)..].TrimStart('.'))
                : (null, "");
        }

        var entry = (node as YamlMap)?.Entries.FirstOrDefault(e => path.StartsWith(e.Key, StringComparison.Ordinal) && (path.Length == e.Key.Length || path[e.Key.Length] is '.' or '['));
        return entry is null ? (null, "") : (entry.Value, path[entry.Key.Length..].TrimStart('.'));
    }
}
