using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models;

/// <summary>Says of a tool's declaration whether calling it changes something. One that does not say is taken for one that does.</summary>
public static class ToolEffects
{
    /// <summary>The key in <see cref="AITool.AdditionalProperties"/>; true for a tool with side effects.</summary>
    public const string SideEffectKey = "minion.side_effect";

    /// <summary>A declaration that says so.</summary>
    /// <param name="tool">The declaration.</param>
    /// <param name="sideEffect">Whether calling it changes something.</param>
    public static AIFunctionDeclaration Declare(AIFunctionDeclaration tool, bool sideEffect) => new Declared(tool, sideEffect);

    internal static bool IsHarmless(AITool tool) =>
        tool.AdditionalProperties.TryGetValue(SideEffectKey, out var value) && value is false;

    private sealed class Declared(AIFunctionDeclaration tool, bool sideEffect) : AIFunctionDeclaration
    {
        public override string Name => tool.Name;

        public override string Description => tool.Description;

        public override JsonElement JsonSchema => tool.JsonSchema;

        public override JsonElement? ReturnJsonSchema => tool.ReturnJsonSchema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
            new Dictionary<string, object?>(tool.AdditionalProperties) { [SideEffectKey] = sideEffect };
    }
}
