using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Cache;

/// <summary>
/// The request in one form for all that mean the same to the model: sorted tools and properties, trimmed question, calls numbered instead of
/// their ids. Whether the answer is streamed, and its timeouts, are not in it.
/// </summary>
internal static class CanonicalRequest
{
    private const int Version = 1;

    /// <exception cref="NotCacheableException">Something in the request has no canonical form.</exception>
    public static CacheKey Key(ChatRequest request, CachePolicy policy)
    {
        var question = QuestionOf(request.Messages);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", Version);
            writer.WriteString("tenant", request.Call.Caller.Tenant);
            writer.WriteString("agent", request.Call.Agent);
            writer.WriteString("principal", policy.Personal ? request.Call.Caller.Principal : null);
            writer.WriteString("model", ModelOf(request.Definition));
            writer.WritePropertyName("options");
            CanonicalOptions.Write(writer, request.Options);
            writer.WritePropertyName("messages");
            CanonicalMessages.Write(writer, question is null ? request.Messages : [.. request.Messages.SkipLast(1)]);
            writer.WriteBoolean("asks", question is not null);
            writer.WriteEndObject();
        }

        var scope = SHA256.HashData(buffer.WrittenSpan);
        var exact = SHA256.HashData([.. scope, .. Encoding.UTF8.GetBytes(question ?? "")]);
        return new CacheKey(
            request.Call.Caller.Tenant, request.Call.Agent ?? "", Convert.ToHexStringLower(exact), Convert.ToHexStringLower(scope), question);
    }

    private static string ModelOf(ModelDefinition definition) =>
        (definition with { Timeout = null, IdleTimeout = null, Cache = null }).ToJson();

    private static string? QuestionOf(IReadOnlyList<ChatMessage> messages) =>
        messages[^1] is { Contents: [TextContent { Text: var text }] } last && last.Role == ChatRole.User && text.Trim() is { Length: > 0 } question
            ? question.ReplaceLineEndings("\n")
            : null;
}
