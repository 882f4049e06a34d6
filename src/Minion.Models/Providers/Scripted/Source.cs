using System.Text.Json.Nodes;

namespace Minion.Models.Providers.Scripted;

/// <summary>Where an expression's value comes from.</summary>
internal abstract record Source
{
    public abstract JsonNode? Read(Bindings bindings, string expression);

    public sealed record Capture(string Name) : Source
    {
        public override JsonNode? Read(Bindings bindings, string expression) => JsonValue.Create(bindings.Match.Groups[Name].Value);
    }

    public sealed record Error : Source
    {
        public override JsonNode? Read(Bindings bindings, string expression) => JsonValue.Create(bindings.Error);
    }

    public sealed record Result(int Call, IReadOnlyList<string> Fields) : Source
    {
        public override JsonNode? Read(Bindings bindings, string expression) =>
            Fields.Aggregate(bindings.Results[Call], (value, field) => Json.Field(value, field, expression));
    }
}
