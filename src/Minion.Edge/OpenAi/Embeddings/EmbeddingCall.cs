using System.Text.Json;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Embeddings;

/// <summary>A request for embeddings, read and checked (https://platform.openai.com/docs/api-reference/embeddings/create).</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Texts">At least one.</param>
/// <param name="Dimensions">The wanted length of the vectors; null for the model's own.</param>
/// <param name="Base64">Whether the vectors are to come as base64 of little-endian 32-bit floats.</param>
internal sealed record EmbeddingCall(string Model, IReadOnlyList<string> Texts, int? Dimensions, bool Base64)
{
    /// <exception cref="ApiErrorException">Says everything that is wrong.</exception>
    public static EmbeddingCall Read(JsonElement body, int mostInputs)
    {
        var problems = new Problems();
        var request = new Fields(body, problems);
        var model = request.RequiredText("model");
        var texts = ReadTexts(request, mostInputs);
        var format = request.Text("encoding_format") ?? "float";
        if (format is not ("float" or "base64"))
        {
            request.Wrong("encoding_format", "must be float or base64.");
        }

        var dimensions = (int?)request.Whole("dimensions", 1, 65_536);
        problems.ThrowIfAny();
        return new EmbeddingCall(model, texts, dimensions, format == "base64");
    }

    private static List<string> ReadTexts(Fields request, int most)
    {
        switch (request.Get("input"))
        {
            case null:
                request.Wrong("input", "is missing.");
                return [];
            case { ValueKind: JsonValueKind.String }:
                return [CheckText(request, request.Text("input"))];
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 0 || list.GetArrayLength() > most:
                request.Wrong("input", $"has {list.GetArrayLength()} texts; 1 to {most} are allowed.");
                return [];
            case { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().Any(i => i.ValueKind is JsonValueKind.Number or JsonValueKind.Array):
                request.Wrong("input", "is tokens; models count them differently, so send texts.");
                return [];
            case { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String):
                return [.. list.EnumerateArray().Select(i => CheckText(request, i.GetString()))];
            default:
                request.Wrong("input", "must be a string or a list of strings.");
                return [];
        }
    }

    private static string CheckText(Fields request, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            request.Wrong("input", "has an empty text.");
        }

        return text ?? "";
    }
}
