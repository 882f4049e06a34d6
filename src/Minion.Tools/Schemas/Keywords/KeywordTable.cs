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

    public static IReadOnlyList<Keyword> Compile(SchemaSource schema) =>
        [.. InOrder.Select(compile => compile(schema)).OfType<Keyword>()];
}
