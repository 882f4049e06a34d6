using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Http;

/// <summary>Reads vectors: a list of numbers, or base64 of 32-bit floats in little-endian order.</summary>
internal static class Vectors
{
    public static ReadOnlyMemory<float> Read(Endpoint endpoint, JsonElement? json)
    {
        var vector = json switch
        {
            { ValueKind: JsonValueKind.Array } list => FromList(list),
            { ValueKind: JsonValueKind.String } text when text.TryGetBytesFromBase64(out var bytes) => FromBytes(bytes),
            _ => null,
        };
        return vector is { Length: > 0 } && vector.All(float.IsFinite) ? vector : throw endpoint.Invalid("has an embedding that is no list of numbers");
    }

    /// <summary>The embeddings of all texts.</summary>
    /// <param name="endpoint">Who answered.</param>
    /// <param name="vectors">The vectors in the order of the texts; empty where one is missing.</param>
    /// <param name="model">The model as the answer names it.</param>
    /// <param name="tokens">The tokens of all texts, where they were counted.</param>
    public static GeneratedEmbeddings<Embedding<float>> Collect(Endpoint endpoint, IReadOnlyCollection<ReadOnlyMemory<float>> vectors, string? model, long? tokens)
    {
        var missing = vectors.Count(v => v.IsEmpty);
        if (missing > 0)
        {
            throw endpoint.Invalid($"lacks the embeddings of {missing} of {vectors.Count} texts");
        }

        return new(vectors.Select(v => new Embedding<float>(v) { ModelId = model ?? endpoint.Definition.Model }))
        {
            Usage = tokens is { } counted ? new UsageDetails { InputTokenCount = counted, TotalTokenCount = counted } : null,
        };
    }

    private static float[]? FromList(JsonElement list)
    {
        var vector = new float[list.GetArrayLength()];
        var position = 0;
        foreach (var number in list.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out vector[position++]))
            {
                return null;
            }
        }

        return vector;
    }

    private static float[]? FromBytes(ReadOnlySpan<byte> bytes)
    {
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return bytes.Length % sizeof(float) == 0 ? vector : null;
    }
}
