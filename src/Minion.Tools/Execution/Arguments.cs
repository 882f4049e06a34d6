using System.Text.Json;
using Minion.Tools.Registry;

namespace Minion.Tools.Execution;

/// <summary>Reads and validates what a model sent as arguments.</summary>
internal static class Arguments
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The failure, or null and the arguments. No text counts as an empty object: some models send that.</summary>
    public static ToolFailure? Check(string text, RegisteredTool tool, out JsonElement arguments)
    {
        arguments = default;
        try
        {
            arguments = JsonElement.Parse(string.IsNullOrWhiteSpace(text) ? "{}" : text, Strict);
        }
        catch (JsonException exception)
        {
            return Failures.NoJson(tool.Description, exception.Message);
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            return Failures.NoJson(tool.Description, $"it is {arguments.ValueKind.ToString().ToLowerInvariant()}.");
        }

        var errors = tool.Input.Validate(arguments);
        return errors.Count == 0 ? null : Failures.InvalidArguments(tool.Description, errors);
    }
}
