using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>enum</c>.</summary>
internal sealed class EnumKeyword(JsonElement[] allowed) : Keyword
{
    private const int Shown = 20;

    public static Keyword? Compile(SchemaSource schema) =>
        schema.Value("enum") is { } values && schema.Expect(values.ValueKind == JsonValueKind.Array, "enum", "must be a list")
            ? new EnumKeyword([.. values.EnumerateArray()])
            : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        foreach (var value in allowed)
        {
            if (JsonElement.DeepEquals(value, instance))
            {
                return true;
            }
        }

        return evaluation.Errors is not null && evaluation.Fail("enum", "must be one of " + Values());
    }

    private string Values() =>
        string.Join(", ", allowed.Take(Shown).Select(value => value.GetRawText())) + (allowed.Length > Shown ? ", …" : "");
}

/// <summary><c>const</c>.</summary>
internal sealed class ConstKeyword(JsonElement value) : Keyword
{
    public static Keyword? Compile(SchemaSource schema) => schema.Value("const") is { } value ? new ConstKeyword(value) : null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen) =>
        JsonElement.DeepEquals(value, instance) || evaluation.Fail("const", "must be " + value.GetRawText());
}

/// <summary><c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c> and <c>multipleOf</c>.</summary>
internal sealed class NumberKeyword(JsonNumber? minimum, JsonNumber? maximum, JsonNumber? above, JsonNumber? below, JsonNumber? factor) : Keyword
{
    public static Keyword? Compile(SchemaSource schema)
    {
        var factor = schema.Number("multipleOf");
        schema.Expect(factor is null or { IsPositive: true }, "multipleOf", "must be more than 0");
        var keyword = new NumberKeyword(
            schema.Number("minimum"), schema.Number("maximum"), schema.Number("exclusiveMinimum"), schema.Number("exclusiveMaximum"), factor);
        return keyword.IsEmpty ? null : keyword;
    }

    private bool IsEmpty => minimum is null && maximum is null && above is null && below is null && factor is null;

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (instance.ValueKind != JsonValueKind.Number)
        {
            return true;
        }

        var number = JsonNumber.Of(instance);
        var valid = minimum is not { } least || number.Compare(least) >= 0 || evaluation.Fail("minimum", $"must be at least {least}");
        valid &= maximum is not { } most || number.Compare(most) <= 0 || evaluation.Fail("maximum", $"must be at most {most}");
        valid &= above is not { } low || number.Compare(low) > 0 || evaluation.Fail("exclusiveMinimum", $"must be more than {low}");
        valid &= below is not { } high || number.Compare(high) < 0 || evaluation.Fail("exclusiveMaximum", $"must be less than {high}");
        return valid & (factor is not { } step || number.IsMultipleOf(step) || evaluation.Fail("multipleOf", $"must be a multiple of {step}"));
    }
}
