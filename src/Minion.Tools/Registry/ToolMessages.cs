using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Registry;

/// <summary>Descriptions as the API gives them, and as they are kept.</summary>
internal static class ToolMessages
{
    public static Tool Of(ToolDescription description) => new()
    {
        Name = description.Name,
        Version = description.Version,
        Description = description.Description,
        InputSchema = description.InputSchema,
        OutputSchema = description.OutputSchema,
        Effect = description.Policy.Effect,
        Category = description.Category,
        Owner = description.Owner,
        Status = description.Status,
        TimeoutMs = (int)description.Policy.Timeout.TotalMilliseconds,
        Permissions = { description.Policy.Permissions },
        Capabilities = { description.Policy.Capabilities },
        Replacement = description.Replacement,
        Tags = { description.Tags },
        Examples = { description.Examples },
        ErrorHints = { description.ErrorHints },
        Untrusted = description.Untrusted,
        Reversible = description.Policy.Reversible,
        CostUsd = description.Policy.CostUsd,
    };

    /// <summary>What was kept.</summary>
    public static ToolDescription Read(Tool tool) => new()
    {
        Name = tool.Name,
        Version = tool.Version,
        Description = tool.Description,
        InputSchema = tool.InputSchema,
        OutputSchema = tool.OutputSchema,
        Category = tool.Category,
        Owner = tool.Owner,
        Tags = [.. tool.Tags],
        Examples = [.. tool.Examples],
        ErrorHints = [.. tool.ErrorHints],
        Untrusted = tool.Untrusted,
        Policy = new ToolPolicy(tool.Effect)
        {
            Timeout = TimeSpan.FromMilliseconds(tool.TimeoutMs),
            Permissions = [.. tool.Permissions],
            Capabilities = [.. tool.Capabilities],
            Reversible = tool.Reversible,
            CostUsd = tool.CostUsd,
        },
    };
}
