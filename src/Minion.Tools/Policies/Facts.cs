using System.Text.Json;

namespace Minion.Tools.Policies;

/// <summary>What conditions are about.</summary>
/// <param name="Arguments">The arguments of the call; a JSON object.</param>
/// <param name="Tainted">The run has read what anybody may have written.</param>
/// <param name="Irreversible">What the tool changes cannot be undone.</param>
/// <param name="ReadOnly">The tool changes nothing.</param>
internal readonly record struct Facts(JsonElement Arguments, bool Tainted, bool Irreversible, bool ReadOnly)
{
    /// <summary>The tool knows an argument <c>host</c>: one that a model added to other tools says nothing of where they lead.</summary>
    public bool KnowsHost { get; init; }
}
