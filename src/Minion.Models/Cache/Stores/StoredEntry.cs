using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Models.Cache;

/// <summary>An entry as bytes, for stores that know no columns.</summary>
internal sealed record StoredEntry(
    string Tenant, string Agent, string Exact, string Scope, string? Question, string? Space, byte[]? Vector,
    CachedAnswer Answer, DateTimeOffset Created, DateTimeOffset FreshUntil, DateTimeOffset KeptUntil)
{
    private const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    public static byte[] ToJson(CacheEntry entry) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredEntry(
            entry.Key.Tenant, entry.Key.Agent, entry.Key.Exact, entry.Key.Scope, entry.Key.Question, entry.Embedding?.Space,
            entry.Embedding is { } embedding ? MemoryMarshal.AsBytes<float>(embedding.Vector).ToArray() : null,
            entry.Answer, entry.Created, entry.FreshUntil, entry.KeptUntil),
        StoredEntryJson.Default.StoredEntry);

    /// <summary>Null when it is none, or one of another version.</summary>
    public static CacheEntry? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StoredEntryJson.Default.StoredEntry) is { Schema: CurrentSchema } stored
                && stored.Answer.Schema == CachedAnswer.CurrentSchema ? stored.ToEntry() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private CacheEntry ToEntry() => new(
        new CacheKey(Tenant, Agent, Exact, Scope, Question), Answer,
        Space is not null && Vector is not null ? new QuestionEmbedding(Space, MemoryMarshal.Cast<byte, float>(Vector).ToArray()) : null,
        Created, FreshUntil, KeptUntil);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredEntry))]
internal sealed partial class StoredEntryJson : JsonSerializerContext;
