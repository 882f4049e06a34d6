using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Minion.Tools.Schemas;

namespace Minion.Tools.Registry;

/// <summary>A tool with everything that its calls need, made once.</summary>
internal sealed class RegisteredTool
{
    private RegisteredTool(ITool tool, ToolDescription description, JsonSchema input, JsonSchema output, TimeProvider time, ILogger log)
    {
        Tool = tool;
        Description = description;
        Input = input;
        Output = output;
        Bulkhead = new Bulkhead(description.Policy, time);
        Attempts = new Attempts(tool, description, time, log);
        Hash = ToolHash.Of(tool.Description);
        Message = ToMessage(description);
    }

    public ITool Tool { get; }

    /// <summary>What holds for its calls: what the tool says, and what policies put in its place.</summary>
    public ToolDescription Description { get; }

    public JsonSchema Input { get; }

    public JsonSchema Output { get; }

    public Bulkhead Bulkhead { get; }

    public Attempts Attempts { get; }

    /// <summary>Pins what the tool itself says.</summary>
    public byte[] Hash { get; }

    /// <summary>Where it comes from; empty for the server itself.</summary>
    public string Source { get; init; } = "";

    /// <summary>What was said about it; a tool about which the same is said stays the same.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The description as the API gives it.</summary>
    public Tool Message { get; }

    /// <exception cref="SchemaException">A schema cannot be used.</exception>
    public static RegisteredTool Create(ITool tool, ToolDescription description, string source, TimeProvider time, ILogger log, string fingerprint = "")
    {
        var made = new RegisteredTool(tool, description, JsonSchema.Parse(description.InputSchema), JsonSchema.Parse(description.OutputSchema), time, log)
        {
            Source = source,
            Fingerprint = fingerprint,
        };
        made.Message.Source = source;
        return made;
    }

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

    internal static Tool ToMessage(ToolDescription description) => new()
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
        Untrusted = description.Untrusted,
        Tags = { description.Tags },
    };
}
