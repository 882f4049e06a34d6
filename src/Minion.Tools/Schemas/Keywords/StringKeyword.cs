using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>minLength</c>, <c>maxLength</c> (in code points) and <c>pattern</c>.</summary>
internal sealed class StringKeyword(int? shortest, int? longest, SchemaPattern? pattern) : Keyword
{
    public static Keyword? Compile(SchemaSource schema)
    {
        var source = schema.Text("pattern");
        var pattern = source is null ? null : SchemaPattern.Compile(source);
        schema.Expect(source is null || pattern is not null, "pattern", "must be a regular expression of at most 4096 characters");
        var (shortest, longest) = (schema.Count("minLength"), schema.Count("maxLength"));
        return shortest is null && longest is null && pattern is null ? null : new StringKeyword(shortest, longest, pattern);
    }

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.String)
        {
            return true;
        }

        var text = instance.GetString()!;
        var length = CodePoints(text);
        var valid = shortest is not { } least || length >= least
            || evaluation.Fail("minLength", $"must have at least {least} characters, but has {length}");
        valid &= longest is not { } most || length <= most
            || evaluation.Fail("maxLength", $"must have at most {most} characters, but has {length}");
        return valid & (pattern is null || pattern.IsMatch(text) || evaluation.Fail("pattern", $"must match {pattern.Source}"));
    }

    private static int CodePoints(string text)
    {
        var count = text.Length;
        foreach (var c in text)
        {
            count -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return count;
    }
}
