namespace Minion.Orchestration.Clusters.Yaml;

/// <summary>A node of a parsed file, with the place where it starts.</summary>
internal abstract class YamlNode(YamlPath path, Position position)
{
    public YamlPath Path => path;

    public Position Position => position;

    /// <summary>What the node is, in the words of a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value. <see cref="IsPlain"/> when it was written without quotes and on one line of its own kind, so that <c>5</c> is a number.</summary>
internal sealed class YamlScalar(YamlPath path, Position position, string text, bool isPlain) : YamlNode(path, position)
{
    public string Text => text;

    public bool IsPlain => isPlain;

    /// <summary>Nothing was written, or <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => isPlain && text is ("" or "~" or "null" or "Null" or "NULL");

    public override string Kind => IsNull ? "nothing" : Quoted.Of(text);
}

internal sealed class YamlList(YamlPath path, Position position, IReadOnlyList<YamlNode> items) : YamlNode(path, position)
{
    public IReadOnlyList<YamlNode> Items => items;

    public override string Kind => "a list";
}

internal sealed class YamlMap(YamlPath path, Position position, IReadOnlyList<YamlEntry> entries) : YamlNode(path, position)
{
    public IReadOnlyList<YamlEntry> Entries => entries;

    public override string Kind => "a mapping";

    public YamlNode? Find(string key)
    {
        foreach (var entry in entries)
        {
            if (entry.Key == key)
            {
                return entry.Value;
            }
        }

        return null;
    }
}

internal sealed record YamlEntry(string Key, Position Position, YamlNode Value);
