using System.Text.Json;
using System.Text.Json.Serialization;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Runs.History;

/// <summary>What a fork does otherwise than its agent's version says, as its row keeps it.</summary>
internal sealed record ForkOverrides
{
    /// <summary>Another model, by name.</summary>
    public string? Model { get; init; }

    public string? Instructions { get; init; }

    /// <summary>The session whose messages the run looks back at, without being a turn of it.</summary>
    public Guid? Session { get; init; }

    [JsonIgnore]
    public bool IsEmpty => this is { Model: null, Instructions: null, Session: null };

    /// <summary>The definition with what is otherwise.</summary>
    public AgentDefinition Apply(AgentDefinition definition)
    {
        if (Model is null && Instructions is null)
        {
            return definition;
        }

        var changed = definition.Clone();
        changed.Model = Model ?? changed.Model;
        changed.Instructions = Instructions ?? changed.Instructions;
        return changed;
    }

    public string ToJson() => JsonSerializer.Serialize(this, ForkJsonContext.Default.ForkOverrides);

    public static ForkOverrides? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize(json, ForkJsonContext.Default.ForkOverrides);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ForkOverrides))]
internal sealed partial class ForkJsonContext : JsonSerializerContext;
