using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Minion.Edge.OpenAi.Json;
using Minion.Edge.OpenAi.Models;
using Minion.Models;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.OpenAi.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(RequestBody body, ModelDirectory models, ModelGateway gateway, IOptions<EdgeOptions> options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var caller = context.GetCaller();
        EmbeddingCall call;
        using (var document = await body.ReadAsync(context))
        {
            call = EmbeddingCall.Read(document.RootElement, options.Value.MaxEmbeddingInputs);
        }

        var definition = await models.FindModelAsync(caller, call.Model, context.RequestAborted);
        using var generator = gateway.GetEmbeddingGenerator(definition, new ModelCall(caller));
        var vectors = await generator.GenerateAsync(call.Texts, new EmbeddingGenerationOptions { Dimensions = call.Dimensions }, context.RequestAborted);
        await WriteAsync(context, call, vectors);
    }

    private static async Task WriteAsync(HttpContext context, EmbeddingCall call, GeneratedEmbeddings<Embedding<float>> vectors)
    {
        context.Response.ContentType = "application/json";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonForm.Writer))
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "list"u8);
            writer.WriteStartArray("data"u8);
            for (var i = 0; i < vectors.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("object"u8, "embedding"u8);
                writer.WriteNumber("index"u8, i);
                WriteVector(writer, vectors[i].Vector.Span, call.Base64);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("model"u8, vectors is [{ ModelId: { } model }, ..] ? model : call.Model);
            writer.WriteStartObject("usage"u8);
            var tokens = vectors.Usage?.InputTokenCount ?? vectors.Usage?.TotalTokenCount ?? 0;
            writer.WriteNumber("prompt_tokens"u8, tokens);
            writer.WriteNumber("total_tokens"u8, vectors.Usage?.TotalTokenCount ?? tokens);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void WriteVector(Utf8JsonWriter writer, ReadOnlySpan<float> vector, bool base64)
    {
        if (base64)
        {
            writer.WriteBase64String("embedding"u8, BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(vector) : LittleEndian(vector));
            return;
        }

        writer.WriteStartArray("embedding"u8);
        foreach (var number in vector)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static byte[] LittleEndian(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }
}
