using System.Text;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Registry;

namespace Minion.Tools.Execution;

/// <summary>Reads and validates what a model sent as arguments.</summary>
internal static class Arguments
{
    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The failure, or null and the arguments. No text counts as an empty object: some models send that. Common slips are put right.</summary>
    public static ToolFailure? Check(string text, RegisteredTool tool, List<Repair> repairs, out JsonElement arguments)
    {
        arguments = default;
        text = string.IsNullOrWhiteSpace(text) ? "{}" : text;
        try
        {
            if (HasBrokenText(text))
            {
                return Failures.NoJson(tool.Description, "it has half of a surrogate pair, which is no character.");
            }

            arguments = JsonElement.Parse(text, Strict);
        }
        catch (JsonException exception)
        {
            return Failures.NoJson(tool.Description, exception.Message);
        }

        if (arguments.ValueKind == JsonValueKind.String && Repairs.Unquoted(arguments) is { } unquoted)
        {
            arguments = unquoted;
            repairs.Add(new Repair { Path = "", What = "the arguments were read from a string" });
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            return Failures.NoJson(tool.Description, $"it is {arguments.ValueKind.ToString().ToLowerInvariant()}.");
        }

        var errors = tool.Input.Validate(arguments);
        if (errors.Count == 0)
        {
            return null;
        }

        if (Repairs.Mend(tool.Input, arguments, errors) is { } mended)
        {
            arguments = mended.Arguments;
            repairs.AddRange(mended.Repairs);
            return null;
        }

        return Failures.InvalidArguments(tool.Description, errors);
    }

    // The grammar allows it; whoever reads the text then finds that it is none.
    private static bool HasBrokenText(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    _ = reader.GetString();
                }
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
