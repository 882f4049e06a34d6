using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>required</c>.</summary>
internal sealed class RequiredKeyword(string[] names) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) =>
        schema.Strings("required") is { Length: > 0 } names ? new RequiredKeyword(names) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var valid = true;
        foreach (var name in names)
        {
            valid &= instance.TryGetProperty(name, out _) || evaluation.Fail("required", $"lacks the property '{name}', which is required");
        }

        return valid;
    }
}

/// <summary><c>minProperties</c> and <c>maxProperties</c>.</summary>
internal sealed class PropertyCountKeyword(int? fewest, int? most) : Keyword
{
    public static Keyword? Compile(SchemaSource schema)
    {
        var (fewest, most) = (schema.Count("minProperties"), schema.Count("maxProperties"));
        return fewest is null && most is null ? null : new PropertyCountKeyword(fewest, most);
    }

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var count = instance.GetPropertyCount();
        var valid = fewest is not { } least || count >= least
            || evaluation.Fail("minProperties", $"must have at least {least} properties, but has {count}");
        return valid & (most is not { } limit || count <= limit
            || evaluation.Fail("maxProperties", $"must have at most {limit} properties, but has {count}"));
    }
}

/// <summary><c>propertyNames</c>.</summary>
internal sealed class PropertyNamesKeyword(SchemaNode names) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) =>
        schema.Schema("propertyNames") is { } names ? new PropertyNamesKeyword(names) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var valid = true;
        foreach (var property in instance.EnumerateObject())
        {
            var name = JsonSerializer.SerializeToElement(property.Name, SchemaJson.Default.String);
            var errors = evaluation.Errors is null ? null : new List<SchemaError>();
            if (!evaluation.Collecting(errors, names, name, seen: null))
            {
                valid = evaluation.Fail("propertyNames", $"has the property '{property.Name}', whose name {string.Join("; ", errors?.Select(e => e.Message) ?? [])}");
            }
        }

        return valid;
    }
}

/// <summary><c>dependentRequired</c>, <c>dependentSchemas</c>, and draft 7's <c>dependencies</c>, which is both.</summary>
internal sealed class DependenciesKeyword(Dictionary<string, string[]> names, Dictionary<string, SchemaNode> schemas) : Keyword
{
    public static Keyword? Compile(SchemaSource schema)
    {
        var names = (schema.Members("dependentRequired") ?? []).ToDictionary(
            member => member.Key, member => schema.Strings("dependentRequired", member.Value) ?? [], StringComparer.Ordinal);
        var schemas = schema.SchemaMap("dependentSchemas") ?? [];
        foreach (var (name, value) in schema.Members("dependencies") ?? [])
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                names[name] = schema.Strings("dependencies", value) ?? [];
            }
            else
            {
                schemas[name] = schema.NodeAt("dependencies", name);
            }
        }

        return names.Count + schemas.Count == 0 ? null : new DependenciesKeyword(names, schemas);
    }

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var valid = true;
        foreach (var (name, required) in names.Where(dependency => instance.TryGetProperty(dependency.Key, out _)))
        {
            foreach (var missing in required.Where(needed => !instance.TryGetProperty(needed, out _)))
            {
                valid = evaluation.Fail("dependentRequired", $"lacks the property '{missing}', which is required where '{name}' is");
            }
        }

        foreach (var (_, schema) in schemas.Where(dependency => instance.TryGetProperty(dependency.Key, out _)))
        {
            valid &= schema.Evaluate(instance, evaluation, seen);
        }

        return valid;
    }
}
