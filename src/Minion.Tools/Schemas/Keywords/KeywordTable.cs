namespace Minion.Tools.Schemas.Keywords;

/// <summary>The keywords that judge an instance, in the order in which they run: <c>unevaluated…</c> go by what ran before them.</summary>
internal static class KeywordTable
{
    private static readonly Func<SchemaSource, Keyword?>[] InOrder =
    [
        ReferenceKeyword.Compile,
        DynamicReferenceKeyword.Compile,
        TypeKeyword.Compile,
        EnumKeyword.Compile,
        ConstKeyword.Compile,
        NumberKeyword.Compile,
        StringKeyword.Compile,
        RequiredKeyword.Compile,
        PropertyCountKeyword.Compile,
        PropertyNamesKeyword.Compile,
        PropertiesKeyword.Compile,
        DependenciesKeyword.Compile,
        ItemsKeyword.Compile,
        ItemCountKeyword.Compile,
        ContainsKeyword.Compile,
        AllOfKeyword.Compile,
        AnyOfKeyword.Compile,
        OneOfKeyword.Compile,
        NotKeyword.Compile,
        IfKeyword.Compile,
        UnevaluatedItemsKeyword.Compile,
        UnevaluatedPropertiesKeyword.Compile,
    ];

    private static readonly Func<SchemaSource, Keyword?>[] OfValidation =
    [
        TypeKeyword.Compile,
        EnumKeyword.Compile,
        ConstKeyword.Compile,
        NumberKeyword.Compile,
        StringKeyword.Compile,
        RequiredKeyword.Compile,
        PropertyCountKeyword.Compile,
        ItemCountKeyword.Compile,
    ];

    /// <param name="schema">The schema.</param>
    /// <param name="validates">Whether the vocabulary of validation is in use.</param>
    public static IReadOnlyList<Keyword> Compile(SchemaSource schema, bool validates) =>
        [.. InOrder.Where(compile => validates || !OfValidation.Contains(compile)).Select(compile => compile(schema)).OfType<Keyword>()];
}
