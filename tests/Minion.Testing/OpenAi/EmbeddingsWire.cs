using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Testing.OpenAi;

/// <summary>The wire format of embeddings (https://platform.openai.com/docs/api-reference/embeddings).</summary>
internal static class EmbeddingsWire
{
    /// <summary>An answer whose vectors are made of the texts by <see cref="FakeVector"/>, in an order of its own.</summary>
    public static string Answer(JsonElement request)
    {
        var texts = request.GetProperty("input").EnumerateArray().Select(t => t.GetString()!).ToList();
        var dimensions = request.TryGetProperty("dimensions", out var given) ? given.GetInt32() : FakeVector.Dimensions;
        var base64 = request.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        var data = texts.Select((text, index) => (JsonNode)new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = base64 ? Base64(FakeVector.Of(text, dimensions)) : new JsonArray([.. FakeVector.Of(text, dimensions).Select(v => (JsonNode)v)]),
        });
        var tokens = texts.Count * FakeVector.TokensPerText;
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. data.Reverse()]),
            ["model"] = request.GetProperty("model").GetString(),
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        }.ToJsonString();
    }

    private static string Base64(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        foreach (var (index, value) in vector.Index())
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(index * sizeof(float)), value);
        }

        return Convert.ToBase64String(bytes);
    }
}

/// <summary>The vectors that fake endpoints give.</summary>
public static class FakeVector
{
    public const int Dimensions = 8;

    public const int TokensPerText = 5;

    /// <summary>A vector that tells which text it was made of.</summary>
    public static float[] Of(string text, int dimensions = Dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(i => i == 0 ? text.Length : i == 1 ? text.Sum(c => (float)c) : i / 4f)];
}
