namespace Minion.Tools.Schemas;

/// <summary>One thing that does not fit.</summary>
/// <param name="Path">JSON pointer (RFC 6901) to the value in question; empty for the whole document.</param>
/// <param name="Keyword">The schema's keyword that it does not satisfy.</param>
/// <param name="Message">What is wrong and what is allowed, written to follow the path: <c>must be a number, but is a string</c>.</param>
public sealed record SchemaError(string Path, string Keyword, string Message)
{
    /// <summary>The path and the message in one line.</summary>
    public override string ToString() => (Path.Length == 0 ? "(the whole value)" : Path) + " " + Message;
}

/// <summary>A schema that cannot be compiled.</summary>
/// <param name="errors">Everything that is wrong with it; paths point into the schema.</param>
public sealed class SchemaException(IReadOnlyList<SchemaError> errors)
    : Exception("The JSON Schema cannot be used: " + string.Join("; ", errors))
{
    /// <summary>Everything that is wrong with it; paths point into the schema.</summary>
    public IReadOnlyList<SchemaError> Errors { get; } = errors;
}

/// <summary>Validating took more depth, work or time than is allowed.</summary>
internal sealed class SchemaLimitException(string message) : Exception(message);
