using System.Text.Json.Serialization;

namespace Minion.ServiceDefaults.Callers;

/// <summary>What a service vouches for.</summary>
internal sealed record Claims(
    [property: JsonPropertyName("tenant")] string Tenant,
    [property: JsonPropertyName("principal")] string Principal,
    [property: JsonPropertyName("permissions")] string[] Permissions,
    [property: JsonPropertyName("audience")] string Audience);

[JsonSerializable(typeof(Claims))]
internal sealed partial class CallerJson : JsonSerializerContext;
