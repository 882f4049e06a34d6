using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Minion.Tools.Schemas;

namespace Minion.Tools.Registry;

/// <summary>A tool with everything that its calls need, made once.</summary>
internal sealed class RegisteredTool(ITool tool, JsonSchema input, JsonSchema output, Bulkhead bulkhead, Attempts attempts)
{
    public ITool Tool { get; } = tool;

    public ToolDescription Description { get; } = tool.Description;

    public JsonSchema Input { get; } = input;

    public JsonSchema Output { get; } = output;

    public Bulkhead Bulkhead { get; } = bulkhead;

    public Attempts Attempts { get; } = attempts;

    /// <summary>The description as the API gives it.</summary>
    public Tool Message { get; } = ToMessage(tool.Description);

    public bool IsAllowedFor(Caller caller)
    {
        foreach (var permission in Description.Policy.Permissions)
        {
            if (!caller.May(permission))
            {
                return false;
            }
        }

        return true;
    }

    private static Tool ToMessage(ToolDescription description) => new()
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
        Replacement = description.Replacement,
    };
}
