using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources;

/// <summary>The words for what a tool changes.</summary>
internal static class SourceEffects
{
    /// <summary>What stands under <c>effect</c>: <c>read_only</c>, <c>idempotent</c> or <c>side_effect</c>.</summary>
    public static Effect Read(SettingsReader reader, Effect otherwise) => !reader.Has("effect")
        ? otherwise
        : reader.Choice("effect", "side_effect", "read_only", "idempotent") switch
        {
            "read_only" => Effect.ReadOnly,
            "idempotent" => Effect.Idempotent,
            _ => Effect.SideEffect,
        };
}
