using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models;

/// <summary>A tool call's arguments as the model wrote them.</summary>
public static class ToolCallArguments
{
    /// <summary>The key in <see cref="AIContent.AdditionalProperties"/> of a <see cref="FunctionCallContent"/> that holds the raw text.</summary>
    public const string RawKey = "minion.arguments";

    /// <summary>
    /// A tool call from the model's raw text, which is kept under <see cref="RawKey"/>. When the text is no JSON object, the content's
    /// <c>Exception</c> says so, for the model to read, and its arguments are empty. Empty text is an empty object.
    /// </summary>
    public static FunctionCallContent ToCall(string callId, string tool, string raw)
    {
        var call = new FunctionCallContent(callId, tool) { AdditionalProperties = new() { [RawKey] = raw } };
        try
        {
            call.Arguments = Parse(raw);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            call.Arguments = new Dictionary<string, object?>();
            call.Exception = new JsonException($"The arguments of '{tool}' are not a JSON object: {error.Message}", error);
        }

        return call;
    }

    /// <summary>The raw text of a call's arguments, also when it is not valid JSON.</summary>
    public static string RawOf(FunctionCallContent call) =>
        call.AdditionalProperties?.GetValueOrDefault(RawKey) as string ?? JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>());

    /// <summary>The text to send back to a model: its own words, wrapped when they are no JSON object, because endpoints parse them and fail.</summary>
    internal static string Sendable(FunctionCallContent call)
    {
        var raw = RawOf(call);
        return call.Exception is null
            ? string.IsNullOrWhiteSpace(raw) ? "{}" : raw
            : JsonSerializer.Serialize(new Dictionary<string, string> { ["invalid_arguments"] = raw });
    }

    private static Dictionary<string, object?> Parse(string raw)
    {
        if (string.IsNullOrWhiteSpace(raw))
        {
            return [];
        }

        using var document = JsonDocument.Parse(raw);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"it is of kind {document.RootElement.ValueKind}.");
        }

        var arguments = new Dictionary<string, object?>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            arguments[property.Name] = property.Value.Clone();
        }

        return arguments;
    }
}
