using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>unevaluatedItems</c>.</summary>
internal sealed class UnevaluatedItemsKeyword(SchemaNode schema) : Keyword
{
    public static Keyword? Compile(SchemaSource source) =>
        source.Schema("unevaluatedItems") is { } schema ? new UnevaluatedItemsKeyword(schema) : null;

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
            if (!seen!.HasItem(index))
            {
                evaluation.Push(index);
                valid &= schema.Evaluate(item, evaluation, seen: null);
                evaluation.Pop();
            }

            index++;
        }

        seen!.AddAllItems();
        return valid;
    }
}

/// <summary><c>unevaluatedProperties</c>.</summary>
internal sealed class UnevaluatedPropertiesKeyword(SchemaNode schema) : Keyword
{
    public static Keyword? Compile(SchemaSource source) =>
        source.Schema("unevaluatedProperties") is { } schema ? new UnevaluatedPropertiesKeyword(schema) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var valid = true;
        foreach (var property in instance.EnumerateObject().Where(property => !seen!.HasProperty(property.Name)))
        {
            evaluation.Push(property.Name);
            valid &= schema.Evaluate(property.Value, evaluation, seen: null);
            evaluation.Pop();
        }

        seen!.AddAllProperties();
        return valid;
    }
}
