namespace Minion.Yaml;

/// <summary>A node of a parsed file, with the place where it starts.</summary>
public abstract class YamlNode(YamlPath path, Position position)
{
    /// <summary>Where it hangs in the tree.</summary>
    public YamlPath Path => path;

    /// <summary>Where it starts in the file.</summary>
    public Position Position => position;

    /// <summary>What the node is, in the words of a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value. <see cref="IsPlain"/> when it was written without quotes and on one line of its own kind, so that <c>5</c> is a number.</summary>
public sealed class YamlScalar(YamlPath path, Position position, string text, bool isPlain) : YamlNode(path, position)
{
    /// <summary>The value as it is written, without quotes.</summary>
    public string Text => text;

    /// <summary>Whether it was written without quotes.</summary>
    public bool IsPlain => isPlain;

    /// <summary>Nothing was written, or <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => isPlain && text is ("" or "~" or "null" or "Null" or "NULL");

    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : Quoted.Of(text);
}

/// <summary>A list.</summary>
public sealed class YamlList(YamlPath path, Position position, IReadOnlyList<YamlNode> items) : YamlNode(path, position)
{
    /// <summary>Its items.</summary>
    public IReadOnlyList<YamlNode> Items => items;

    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>A mapping of keys to values.</summary>
public sealed class YamlMap(YamlPath path, Position position, IReadOnlyList<YamlEntry> entries) : YamlNode(path, position)
{
    /// <summary>In the order of the file; each key once.</summary>
    public IReadOnlyList<YamlEntry> Entries => entries;

    /// <inheritdoc/>
    public override string Kind => "a mapping";

    /// <summary>The value of a key; null when there is none.</summary>
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

/// <summary>One key of a mapping with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Position">Where the key stands.</param>
/// <param name="Value">The value.</param>
public sealed record YamlEntry(string Key, Position Position, YamlNode Value);
