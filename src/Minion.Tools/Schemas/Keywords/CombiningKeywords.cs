using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>allOf</c>.</summary>
internal sealed class AllOfKeyword(SchemaNode[] schemas) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) => schema.Schemas("allOf") is { } schemas ? new AllOfKeyword(schemas) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        var valid = true;
        foreach (var schema in schemas)
        {
            valid &= schema.Evaluate(instance, evaluation, seen);
        }

        return valid;
    }
}

/// <summary><c>anyOf</c>. When nothing fits, the alternative with the fewest errors is explained.</summary>
internal sealed class AnyOfKeyword(SchemaNode[] schemas) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) => schema.Schemas("anyOf") is { } schemas ? new AnyOfKeyword(schemas) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        var valid = false;
        foreach (var schema in schemas)
        {
            valid |= evaluation.Silently(schema, instance, seen);
            if (valid && seen is null)
            {
                return true;
            }
        }

        return valid || (evaluation.Errors is not null && evaluation.Fail("anyOf", Alternatives.Explain(schemas, instance, evaluation)));
    }
}

/// <summary><c>oneOf</c>.</summary>
internal sealed class OneOfKeyword(SchemaNode[] schemas) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) => schema.Schemas("oneOf") is { } schemas ? new OneOfKeyword(schemas) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        var fitting = 0;
        foreach (var schema in schemas)
        {
            fitting += evaluation.Silently(schema, instance, seen) ? 1 : 0;
        }

        if (fitting == 1 || evaluation.Errors is null)
        {
            return fitting == 1;
        }

        return evaluation.Fail("oneOf", fitting == 0
            ? Alternatives.Explain(schemas, instance, evaluation)
            : $"fits {fitting} of the {schemas.Length} alternatives, but must fit exactly one");
    }
}

/// <summary><c>not</c>.</summary>
internal sealed class NotKeyword(SchemaNode schema) : Keyword
{
    public static Keyword? Compile(SchemaSource source) => source.Schema("not") is { } schema ? new NotKeyword(schema) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen) =>
        !evaluation.Silently(schema, instance, seen: null) || evaluation.Fail("not", "must not fit the schema of 'not', but does");
}

/// <summary><c>if</c>, <c>then</c> and <c>else</c>.</summary>
internal sealed class IfKeyword(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) =>
        schema.Schema("if") is { } condition ? new IfKeyword(condition, schema.Schema("then"), schema.Schema("else")) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        var branch = evaluation.Silently(condition, instance, seen) ? then : otherwise;
        return branch is null || branch.Evaluate(instance, evaluation, seen);
    }
}

/// <summary>Says why none of several alternatives fits, by the one that comes closest.</summary>
internal static class Alternatives
{
    private const int Shown = 3;

    public static string Explain(SchemaNode[] schemas, JsonElement instance, Evaluation evaluation)
    {
        var closest = schemas
            .Select((schema, index) => (Number: index + 1, Errors: ErrorsOf(schema, instance, evaluation)))
            .MinBy(alternative => alternative.Errors.Count);
        var here = evaluation.Path.Length;
        var reasons = closest.Errors?.Take(Shown).Select(error => (error.Path[here..] + " " + error.Message).Trim()) ?? [];
        return $"fits none of the {schemas.Length} alternatives; the closest is number {closest.Number}: {string.Join("; ", reasons)}";
    }

    private static List<SchemaError> ErrorsOf(SchemaNode schema, JsonElement instance, Evaluation evaluation)
    {
        var errors = new List<SchemaError>();
        evaluation.Collecting(errors, schema, instance, seen: null);
        return errors;
    }
}
