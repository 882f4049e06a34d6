using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Answers;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>A tool that the client runs: the model only hears of it.</summary>
internal sealed class ClientTool(string name, string description, JsonElement parameters, bool? strict) : AIFunctionDeclaration
{
    public static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => parameters;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
        strict is { } given ? new Dictionary<string, object?> { [OptionNames.Strict] = given } : new Dictionary<string, object?>();
}
