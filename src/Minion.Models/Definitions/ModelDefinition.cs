using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Models;

/// <summary>
/// How a model is reached, as a cluster file declares it under <c>models</c>. Stored as JSON; holds the name of the variable with the
/// key, never the key. Two definitions are compared by <see cref="ToJson"/>, not by <c>==</c> (a script has no value equality).
/// </summary>
public sealed record ModelDefinition
{
    /// <summary>The name that <c>MINION_MODEL_URL</c> and <c>MINION_MODEL</c> take the place of.</summary>
    public const string DefaultName = "default";

    /// <summary>The schema version that this program writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version of the stored form.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>What agents call it: 1 to 63 lower-case letters, digits and hyphens; <c>provider/model</c> for one of the catalog.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="ModelProviders.Names"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name at its endpoint, for example <c>qwen3:8b</c>; not for <c>scripted</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The endpoint's base address, for example <c>http://localhost:11434/v1</c>; not for <c>scripted</c>.</summary>
    public string? Url { get; init; }

    /// <summary>The environment variable that holds the endpoint's key, read at each call; null when the endpoint asks for none.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>The longest that one call may take with all its attempts; 5 minutes when null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The longest silence within a streamed answer, also before its first token; 1 minute when null.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Input and output together, in tokens; null when nobody said.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The longest answer, in tokens: what a call without a limit of its own reserves; null when nobody said.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>What the model costs; null when it is the catalog's price of <c>provider/model</c>, or nothing.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>The script of the provider <c>scripted</c>, see <see cref="Minion.Models.Script"/>.</summary>
    public JsonElement? Script { get; init; }

    /// <summary>Which answers are kept, and for whom; none when null.</summary>
    public CachePolicy? Cache { get; init; }

    /// <summary>How much it can do, one of <see cref="ModelTiers.Names"/>; when null, what the catalog says, or <c>moderate</c>.</summary>
    public string? Tier { get; init; }

    /// <summary>Names of the models that answer in its place when it does not, best first; none when null.</summary>
    public IReadOnlyList<string>? Failover { get; init; }

    /// <summary>How the provider <c>router</c> chooses; null for the others.</summary>
    public RouteDefinition? Route { get; init; }

    /// <summary>Everything that is wrong with this definition, each with its path (<c>url</c>, <c>script.rules[0].match</c>).</summary>
    public IReadOnlyList<(string Path, string Message)> Validate() => DefinitionValidation.Check(this);

    /// <summary>The stored form.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DefinitionJson.Default.ModelDefinition);

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="JsonException">It is not one, or a newer program wrote it.</exception>
    public static ModelDefinition FromJson(string json)
    {
        var definition = JsonSerializer.Deserialize(json, DefinitionJson.Default.ModelDefinition)
            ?? throw new JsonException("A model definition is a JSON object, not null.");
        return definition.Schema <= CurrentSchema
            ? definition
            : throw new JsonException($"The model definition '{definition.Name}' has schema {definition.Schema}; this program reads up to {CurrentSchema}. Update Minion.");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelDefinition))]
internal sealed partial class DefinitionJson : JsonSerializerContext;
