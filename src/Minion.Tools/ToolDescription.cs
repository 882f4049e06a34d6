using Minion.Contracts.Tools.V1;

namespace Minion.Tools;

/// <summary>What a tool is: everything that the model, the registry and the pipeline know of it.</summary>
public sealed record ToolDescription
{
    /// <summary>1 to 64 characters: lower-case letters, digits and underscores, starting with a letter; unique in the registry.</summary>
    public required string Name { get; init; }

    /// <summary>Changes whenever a schema or the meaning does, for example <c>1.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>What the model reads: when to use it, and what the arguments mean.</summary>
    public required string Description { get; init; }

    /// <summary>JSON Schema (draft 2020-12) of the arguments; describes an object.</summary>
    public required string InputSchema { get; init; }

    /// <summary>JSON Schema (draft 2020-12) of the result.</summary>
    public required string OutputSchema { get; init; }

    /// <summary>Under which conditions it runs.</summary>
    public required ToolPolicy Policy { get; init; }

    /// <summary>For finding it, for example <c>network</c>.</summary>
    public string Category { get; init; } = "general";

    /// <summary>Who answers for it.</summary>
    public string Owner { get; init; } = "minion";

    /// <summary>For finding it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Calls that make sense; the model reads them. At most 10.</summary>
    public IReadOnlyList<ToolExample> Examples { get; init; } = [];

    /// <summary>What the model is told when a failure's message fits a pattern. At most 50.</summary>
    public IReadOnlyList<ErrorHint> ErrorHints { get; init; } = [];

    /// <summary>Only approved and deprecated tools can be called.</summary>
    public ToolStatus Status { get; init; } = ToolStatus.Approved;

    /// <summary>Whether results come from where anybody may write (the web, an MCP server): they mark the run that reads them.</summary>
    public bool Untrusted { get; init; }

    /// <summary>What to use instead; needed when deprecated.</summary>
    public string Replacement { get; init; } = "";

    /// <summary>What the model is not told and an approval holds for all the same, such as where calls go; empty for nothing.</summary>
    public string Pinned { get; init; } = "";
}
