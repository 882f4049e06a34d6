using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>, in one walk over the object.</summary>
internal sealed class PropertiesKeyword(
    Dictionary<string, SchemaNode> named, (SchemaPattern Pattern, SchemaNode Schema)[] matching, SchemaNode? others) : Keyword
{
    public static Keyword? Compile(SchemaSource schema)
    {
        var named = schema.SchemaMap("properties") ?? [];
        var matching = new List<(SchemaPattern, SchemaNode)>();
        foreach (var (source, node) in schema.SchemaMap("patternProperties") ?? [])
        {
            if (SchemaPattern.Compile(source) is { } pattern)
            {
                matching.Add((pattern, node));
            }
            else
            {
                schema.Expect(holds: false, "patternProperties", $"'{source}' must be a regular expression of at most 4096 characters");
            }
        }

        var others = schema.Schema("additionalProperties");
        return named.Count + matching.Count == 0 && others is null ? null : new PropertiesKeyword(named, [.. matching], others);
    }

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var valid = true;
        foreach (var property in instance.EnumerateObject())
        {
            valid &= EvaluateProperty(property.Name, property.Value, evaluation, seen);
            if (!valid && evaluation.Errors is null)
            {
                return false;
            }
        }

        return valid;
    }

    private bool EvaluateProperty(string name, JsonElement value, Evaluation evaluation, Evaluated? seen)
    {
        var known = named.TryGetValue(name, out var schema);
        evaluation.Push(name);
        var valid = schema is null || schema.Evaluate(value, evaluation, seen: null);
        foreach (var (pattern, node) in matching)
        {
            if (pattern.IsMatch(name))
            {
                known = true;
                valid &= node.Evaluate(value, evaluation, seen: null);
            }
        }

        if (!known && others is not null)
        {
            valid &= others.RefusesAll ? Refuse(name, evaluation) : others.Evaluate(value, evaluation, seen: null);
        }

        evaluation.Pop();
        if (known || others is not null)
        {
            seen?.AddProperty(name);
        }

        return valid;
    }

    private bool Refuse(string name, Evaluation evaluation)
    {
        if (evaluation.Errors is null)
        {
            return false;
        }

        var nearest = Nearest.To(name, named.Keys, count: 1);
        var allowed = named.Count == 0 ? "no properties are" : string.Join(", ", named.Keys) + (named.Count == 1 ? " is" : " are");
        return evaluation.Fail(
            "additionalProperties",
            $"is not allowed; {allowed}{(nearest.Count == 0 ? "" : $" (did you mean '{nearest[0]}'?)")}");
    }
}
