using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>$ref</c>.</summary>
internal sealed class ReferenceKeyword(SchemaNode target) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) =>
        schema.Text("$ref") is { } reference && schema.Find("$ref", reference) is { } target
            ? new ReferenceKeyword(schema.NodeAt(target))
            : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen) =>
        target.Evaluate(instance, evaluation, seen);
}

/// <summary><c>$dynamicRef</c>: the outermost schema under evaluation that has the dynamic anchor, else the same as <c>$ref</c>.</summary>
internal sealed class DynamicReferenceKeyword(SchemaResource resource, string? anchor, SchemaNode target) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) =>
        schema.Text("$dynamicRef") is { } reference && schema.Find("$dynamicRef", reference) is { } target
            ? new DynamicReferenceKeyword(target.Resource, target.Anchor, schema.NodeAt(target))
            : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen) =>
        Resolve(evaluation).Evaluate(instance, evaluation, seen);

    private SchemaNode Resolve(Evaluation evaluation)
    {
        if (anchor is null || !resource.DynamicAnchors.ContainsKey(anchor))
        {
            return target;
        }

        foreach (var outer in evaluation.Scope)
        {
            if (outer.DynamicAnchors.TryGetValue(anchor, out var node))
            {
                return node;
            }
        }

        return target;
    }
}
