using System.Text;
using System.Text.Json;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>A value in a document, and where it is.</summary>
/// <param name="Value">The value.</param>
/// <param name="Parent">The node that it is in; null for the root.</param>
/// <param name="Name">Its name in an object; null in an array.</param>
/// <param name="Index">Its place in an array.</param>
internal sealed record PathNode(JsonElement Value, PathNode? Parent, string? Name, int Index)
{
    /// <summary>Its normalized path (RFC 9535, section 2.7).</summary>
    public string Path
    {
        get
        {
            var steps = new Stack<PathNode>();
            for (var node = this; node.Parent is not null; node = node.Parent)
            {
                steps.Push(node);
            }

            var path = new StringBuilder("$");
            foreach (var step in steps)
            {
                _ = step.Name is { } name ? path.Append("['").Append(Escape(name)).Append("']") : path.Append('[').Append(step.Index).Append(']');
            }

            return path.ToString();
        }
    }

    public IEnumerable<PathNode> Children() => Value.ValueKind switch
    {
        JsonValueKind.Object => Value.EnumerateObject().Select(member => new PathNode(member.Value, this, member.Name, 0)),
        JsonValueKind.Array => Value.EnumerateArray().Select((item, index) => new PathNode(item, this, Name: null, index)),
        _ => [],
    };

    private static string Escape(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            _ = character switch
            {
                '\'' => text.Append("\\'"),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append($"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        return text.ToString();
    }
}
