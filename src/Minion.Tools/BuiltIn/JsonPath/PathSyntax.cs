using System.Text.Json;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>One step of a path: what it selects of the children, or of all descendants too.</summary>
/// <param name="Selectors">At least one.</param>
/// <param name="Descends">Whether the descendants are meant too (<c>..</c>).</param>
internal sealed record Segment(IReadOnlyList<Selector> Selectors, bool Descends)
{
    /// <summary>Whether it gives one node at most.</summary>
    public bool IsSingular => !Descends && Selectors is [NameSelector or IndexSelector];
}

/// <summary>What is selected of the children of a node (RFC 9535, section 2.3).</summary>
internal abstract record Selector;

/// <summary>The member of that name.</summary>
internal sealed record NameSelector(string Name) : Selector;

/// <summary>All children.</summary>
internal sealed record WildcardSelector : Selector;

/// <summary>The element at that place; from the end when negative.</summary>
internal sealed record IndexSelector(long Index) : Selector;

/// <summary>The elements from a place to another.</summary>
internal sealed record SliceSelector(long? Start, long? End, long Step) : Selector;

/// <summary>The children for which a condition holds.</summary>
internal sealed record FilterSelector(Condition Condition) : Selector;

/// <summary>Something that holds of a node or not.</summary>
internal abstract record Condition;

/// <summary>One of them holds.</summary>
internal sealed record AnyOf(IReadOnlyList<Condition> Conditions) : Condition;

/// <summary>All of them hold.</summary>
internal sealed record AllOf(IReadOnlyList<Condition> Conditions) : Condition;

/// <summary>It does not hold.</summary>
internal sealed record Not(Condition Condition) : Condition;

/// <summary>Two values compare like this: ==, !=, &lt;, &lt;=, &gt;, &gt;=.</summary>
internal sealed record Comparison(Operand Left, string Operator, Operand Right) : Condition;

/// <summary>The query selects something.</summary>
internal sealed record Exists(QueryOperand Query) : Condition;

/// <summary>The function says yes.</summary>
internal sealed record Holds(FunctionOperand Function) : Condition;

/// <summary>Something with a value.</summary>
internal abstract record Operand;

/// <summary>A value written down.</summary>
internal sealed record LiteralOperand(JsonElement Value) : Operand;

/// <summary>What a query selects, from the node (<c>@</c>) or from the root (<c>$</c>).</summary>
internal sealed record QueryOperand(bool FromRoot, IReadOnlyList<Segment> Segments) : Operand
{
    /// <summary>Whether it gives one node at most.</summary>
    public bool IsSingular => Segments.All(segment => segment.IsSingular);
}

/// <summary>What a function gives.</summary>
internal sealed record FunctionOperand(PathFunction Function, IReadOnlyList<Operand> Arguments) : Operand;

/// <summary>The functions of RFC 9535, section 2.4.</summary>
internal enum PathFunction
{
    Length,
    Count,
    Match,
    Search,
    Value,
}

/// <summary>A path cannot be read.</summary>
/// <param name="position">Where, from 1.</param>
/// <param name="message">What is wrong; continues "at position n, ".</param>
internal sealed class PathError(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}
