using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Audit;
using Minion.Tools.Execution;
using Minion.Tools.Policies;
using Minion.Tools.Schemas;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

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
        Hints = new ErrorHints(description.ErrorHints);
        Message = ToolMessages.Of(description);
        Message.Description = ForModel(description);
    }

    public ITool Tool { get; }

    /// <summary>What holds for its calls: what the tool says, and what policies put in its place.</summary>
    public ToolDescription Description { get; }

    public JsonSchema Input { get; }

    public JsonSchema Output { get; }

    public Bulkhead Bulkhead { get; }

    public Attempts Attempts { get; }

    public ErrorHints Hints { get; }

    /// <summary>Pins what the tool itself says.</summary>
    public byte[] Hash { get; }

    /// <summary>Where it comes from; empty for the server itself.</summary>
    public string Source { get; init; } = "";

    /// <summary>Who may call it with what.</summary>
    public ToolAccess Access { get; init; } = ToolAccess.Open;

    /// <summary>Pointers to arguments that the audit hides.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];

    /// <summary>Whether it has an argument that is called <c>host</c>.</summary>
    public bool KnowsHost { get; init; }

    /// <summary>What was said about it; a tool about which the same is said stays the same.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The description as the API gives it.</summary>
    public Tool Message { get; }

    /// <exception cref="SchemaException">A schema cannot be used.</exception>
    public static RegisteredTool Create(ITool tool, ToolDescription description, string source, TimeProvider time, ILogger log, IReadOnlyList<Policy>? policies = null, string fingerprint = "")
    {
        var made = new RegisteredTool(tool, description, JsonSchema.Parse(description.InputSchema), JsonSchema.Parse(description.OutputSchema), time, log)
        {
            Source = source,
            Fingerprint = fingerprint,
            Access = policies is null ? ToolAccess.Open : new ToolAccess(policies),
            KnowsHost = Knows(description.InputSchema, ArgumentValues.Host),
            Masked = [.. MaskedArguments.In(description.InputSchema), .. (policies ?? []).SelectMany(policy => policy.MaskedArguments)],
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

    private static bool Knows(string inputSchema, string argument) =>
        JsonElement.Parse(inputSchema) is { ValueKind: JsonValueKind.Object } schema
        && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(argument, out _);

    /// <summary>What the model is told before it calls: the description, examples, and what to use instead.</summary>
    private static string ForModel(ToolDescription description)
    {
        var text = new StringBuilder(description.Description);
        if (description.Status == ToolStatus.Deprecated && description.Replacement.Length > 0)
        {
            text.Append($"\nDeprecated: use {description.Replacement} instead.");
        }

        foreach (var example in description.Examples)
        {
            text.Append($"\nExample{(example.Title.Length > 0 ? $" ({example.Title})" : "")}: {example.Arguments}{(example.Result.Length > 0 ? $" gives {example.Result}" : "")}");
        }

        return text.ToString();
    }
}
