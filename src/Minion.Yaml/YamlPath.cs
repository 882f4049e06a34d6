using System.Globalization;

namespace Minion.Yaml;

/// <summary>
/// Where a node hangs in the tree, for example <c>agents[0].limits</c>. Linked and written out only when somebody asks, because a hostile
/// file could make the texts of all paths far bigger than itself.
/// </summary>
public sealed class YamlPath
{
    /// <summary>The path of the document.</summary>
    public static readonly YamlPath Root = new(null, "");

    private const int LongestSegment = 60;
    private readonly YamlPath? _parent;
    private readonly string _segment;

    private YamlPath(YamlPath? parent, string segment)
    {
        _parent = parent;
        _segment = segment;
    }

    /// <summary>The path of a mapping's value.</summary>
    public YamlPath Key(string key)
    {
        var shown = Quoted.Cut(key, LongestSegment);
        return new YamlPath(this, ReferenceEquals(this, Root) ? shown : "." + shown);
    }

    /// <summary>The path of a list's item, from 0.</summary>
    public YamlPath Item(int index) => new(this, string.Create(CultureInfo.InvariantCulture, $"[{index}]"));

    /// <inheritdoc/>
    public override string ToString() => _parent is null ? "" : string.Concat(_parent.ToString(), _segment);
}
