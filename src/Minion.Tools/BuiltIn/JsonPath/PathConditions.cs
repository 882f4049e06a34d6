using System.Text;
using System.Text.Json;
using Minion.Tools.Schemas;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>Whether conditions hold, and what their functions give (RFC 9535, sections 2.3.5 and 2.4).</summary>
/// <param name="select">The nodes that a query selects, seen from a node.</param>
internal sealed class PathConditions(Func<QueryOperand, PathNode, IReadOnlyList<PathNode>> select)
{
    private readonly Dictionary<string, PathPattern?> _patterns = [];

    public bool Holds(Condition condition, PathNode node) => condition switch
    {
        AnyOf any => any.Conditions.Any(part => Holds(part, node)),
        AllOf all => all.Conditions.All(part => Holds(part, node)),
        Not not => !Holds(not.Condition, node),
        Exists exists => select(exists.Query, node).Count > 0,
        Holds holds => Fits(holds.Function, node),
        Comparison comparison => Compares(Value(comparison.Left, node), comparison.Operator, Value(comparison.Right, node)),
        _ => false,
    };

    /// <summary>Null is "nothing", which is another thing than JSON's null.</summary>
    private JsonElement? Value(Operand operand, PathNode node) => operand switch
    {
        LiteralOperand literal => literal.Value,
        QueryOperand query => Single(select(query, node)),
        FunctionOperand { Function: PathFunction.Value } function => Single(select((QueryOperand)function.Arguments[0], node)),
        FunctionOperand { Function: PathFunction.Count } function => Number(select((QueryOperand)function.Arguments[0], node).Count),
        FunctionOperand { Function: PathFunction.Length } function => Value(function.Arguments[0], node) is { } value ? Length(value) : null,
        _ => null,
    };

    private static JsonElement? Single(IReadOnlyList<PathNode> nodes) => nodes.Count == 1 ? nodes[0].Value : null;

    private static JsonElement? Length(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Number(value.GetString()!.EnumerateRunes().Count()),
        JsonValueKind.Array => Number(value.GetArrayLength()),
        JsonValueKind.Object => Number(value.GetPropertyCount()),
        _ => null,
    };

    private static JsonElement Number(int number) => JsonSerializer.SerializeToElement(number, PathJson.Default.Int32);

    private bool Fits(FunctionOperand function, PathNode node)
    {
        if (Value(function.Arguments[0], node) is not { ValueKind: JsonValueKind.String } text
            || Value(function.Arguments[1], node) is not { ValueKind: JsonValueKind.String } pattern)
        {
            return false;
        }

        var whole = function.Function == PathFunction.Match;
        var written = pattern.GetString()!;
        var key = (whole ? "^" : "~") + written;
        if (!_patterns.TryGetValue(key, out var compiled))
        {
            compiled = PathPattern.TryCompile(written, whole);
            _patterns[key] = compiled;
        }

        return compiled?.Fits(text.GetString()!) == true;
    }

    private static bool Compares(JsonElement? left, string op, JsonElement? right) => op switch
    {
        "==" => AreEqual(left, right),
        "!=" => !AreEqual(left, right),
        "<" => IsLess(left, right),
        ">" => IsLess(right, left),
        "<=" => IsLess(left, right) || AreEqual(left, right),
        _ => IsLess(right, left) || AreEqual(left, right),
    };

    private static bool AreEqual(JsonElement? left, JsonElement? right) =>
        left is null || right is null ? left is null && right is null : JsonElement.DeepEquals(left.Value, right.Value);

    private static bool IsLess(JsonElement? left, JsonElement? right) => (left, right) switch
    {
        ({ ValueKind: JsonValueKind.Number } a, { ValueKind: JsonValueKind.Number } b) => JsonNumber.Of(a).Compare(JsonNumber.Of(b)) < 0,
        ({ ValueKind: JsonValueKind.String } a, { ValueKind: JsonValueKind.String } b) => CompareRunes(a.GetString()!, b.GetString()!) < 0,
        _ => false,
    };

    /// <summary>By code points, which the order of UTF-8's bytes is.</summary>
    private static int CompareRunes(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
