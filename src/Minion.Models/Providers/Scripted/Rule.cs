using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Minion.Models.Providers.Scripted;

/// <summary>What a script does with each match of one pattern.</summary>
/// <param name="Path">Where it stands in the script, for messages.</param>
/// <param name="Match">The pattern, with a match timeout.</param>
/// <param name="Calls">The tool calls that a match makes.</param>
/// <param name="Sequence">One call after the other, each in a model answer of its own, instead of all at once.</param>
/// <param name="Say">The answer, when all calls succeeded.</param>
/// <param name="OnError">The answer when a call failed; null for a plain sentence.</param>
internal sealed record Rule(string Path, Regex Match, IReadOnlyList<RuleCall> Calls, bool Sequence, Template Say, Template? OnError);

/// <summary>One tool call of a rule.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">A JSON object whose strings are templates.</param>
internal sealed record RuleCall(string Tool, ArgumentTemplate Arguments);

/// <summary>JSON whose strings are templates.</summary>
internal abstract record ArgumentTemplate
{
    public abstract JsonNode? Fill(Bindings bindings);

    public sealed record Text(Template Template) : ArgumentTemplate
    {
        public override JsonNode? Fill(Bindings bindings) => Template.ToJson(bindings);
    }

    public sealed record Constant(JsonNode? Value) : ArgumentTemplate
    {
        public override JsonNode? Fill(Bindings bindings) => Value?.DeepClone();
    }

    public sealed record Object(IReadOnlyList<(string Name, ArgumentTemplate Value)> Members) : ArgumentTemplate
    {
        public override JsonNode Fill(Bindings bindings)
        {
            var filled = new JsonObject();
            foreach (var (name, value) in Members)
            {
                filled[name] = value.Fill(bindings);
            }

            return filled;
        }
    }

    public sealed record Array(IReadOnlyList<ArgumentTemplate> Items) : ArgumentTemplate
    {
        public override JsonNode Fill(Bindings bindings) => new JsonArray([.. Items.Select(i => i.Fill(bindings))]);
    }
}
