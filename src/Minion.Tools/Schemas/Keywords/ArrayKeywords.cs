using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>prefixItems</c> and <c>items</c>; also draft 7's list form of <c>items</c> with <c>additionalItems</c>.</summary>
internal sealed class ItemsKeyword(SchemaNode[] first, SchemaNode? rest) : Keyword
{
    public static Keyword? Compile(SchemaSource schema)
    {
        var listForm = schema.Value("items") is { ValueKind: JsonValueKind.Array };
        var first = schema.Schemas(listForm ? "items" : "prefixItems") ?? [];
        var rest = schema.Schema(listForm ? "additionalItems" : "items");
        return first.Length == 0 && rest is null ? null : new ItemsKeyword(first, rest);
    }

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        var valid = true;
        var index = 0;
        foreach (var item in instance.EnumerateArray())
        {
            if ((index < first.Length ? first[index] : rest) is { } schema)
            {
                evaluation.Push(index);
                valid &= schema.Evaluate(item, evaluation, seen: null);
                evaluation.Pop();
            }

            if (!valid && evaluation.Errors is null)
            {
                return false;
            }

            index++;
        }

        seen?.AddFirstItems(rest is null ? first.Length : int.MaxValue);
        return valid;
    }
}

/// <summary><c>minItems</c>, <c>maxItems</c> and <c>uniqueItems</c>.</summary>
internal sealed class ItemCountKeyword(int? fewest, int? most, bool unique) : Keyword
{
    public static Keyword? Compile(SchemaSource schema)
    {
        var (fewest, most) = (schema.Count("minItems"), schema.Count("maxItems"));
        var unique = schema.Value("uniqueItems") is { ValueKind: JsonValueKind.True };
        return fewest is null && most is null && !unique ? null : new ItemCountKeyword(fewest, most, unique);
    }

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        var count = instance.GetArrayLength();
        var valid = fewest is not { } least || count >= least
            || evaluation.Fail("minItems", $"must have at least {least} items, but has {count}");
        valid &= most is not { } limit || count <= limit
            || evaluation.Fail("maxItems", $"must have at most {limit} items, but has {count}");
        return valid & (!unique || AreUnique(instance) || evaluation.Fail("uniqueItems", "must not have the same item twice"));
    }

    private static bool AreUnique(JsonElement instance)
    {
        var items = new HashSet<JsonElement>(JsonEquality.Instance);
        foreach (var item in instance.EnumerateArray())
        {
            if (!items.Add(item))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>contains</c>, <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class ContainsKeyword(SchemaNode schema, int fewest, int? most) : Keyword
{
    public static Keyword? Compile(SchemaSource source) => source.Schema("contains") is { } schema
        ? new ContainsKeyword(schema, source.Count("minContains") ?? 1, source.Count("maxContains"))
        : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        var (index, found) = (0, 0);
        foreach (var item in instance.EnumerateArray())
        {
            if (evaluation.Silently(schema, item, seen: null))
            {
                found++;
                seen?.AddItem(index);
            }

            index++;
        }

        var valid = found >= fewest
            || evaluation.Fail("contains", $"must have at least {fewest} items that fit the schema of 'contains', but has {found}");
        return valid & (most is not { } limit || found <= limit
            || evaluation.Fail("maxContains", $"must have at most {limit} items that fit the schema of 'contains', but has {found}"));
    }
}
