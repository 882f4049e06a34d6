using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Minion.Models.Cache;

/// <summary>What a question asks for: <c>why</c>, <c>how</c>, <c>how many</c>, <c>what</c>, <c>where</c>, <c>is</c>… Why and how are not the same question.</summary>
internal static partial class QuestionKind
{
    private static readonly FrozenSet<string> Measures = Set(
        "many much long often old far big tall fast hard good bad safe high deep difficult easy important large strong likely accurate expensive soon early late");

    private static readonly FrozenSet<string> Asking = Set("is are was were does did will would has have");

    /// <summary>The kind; empty for what is no question.</summary>
    public static string Of(string text)
    {
        var lower = Contraction.Replace(text.Trim().ToLowerInvariant(), "${word} is");
        return !lower.Contains('?') && !Beginning.IsMatch(lower)
            ? ""
            : First.Match(lower) is { Success: true } first ? Kind(first, lower) : "";
    }

    private static string Kind(Match first, string lower) => first.Groups["word"].Value switch
    {
        "how" => How(first.Groups["next"].Value),
        "what" or "which" => Way.IsMatch(lower) ? "how" : Reason.IsMatch(lower) ? "why" : "what",
        "who" or "whom" or "whose" => "who",
        "are" or "was" or "were" or "am" or "is" => "is",
        "do" or "does" or "did" => "do",
        "can" or "could" or "may" => "can",
        "will" or "would" => "will",
        "should" or "shall" => "should",
        "has" or "have" or "had" => "have",
        var other => other,
    };

    private static string How(string next) => Measures.Contains(next) ? $"how {next}" : Asking.Contains(next) ? "how is" : "how";

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\b(?<word>what|how|who|where|when|why)'?s\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Contraction { get; }

    [GeneratedRegex(@"^\W*(why|how|what|which|who|whom|whose|where|when|is|are|was|were|do|does|did|can|could|will|would|should|shall|may|has|have|had|am)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Beginning { get; }

    [GeneratedRegex(
        @"\b(?<word>why|how|what|which|who|whom|whose|where|when)\b(?:\s+(?<next>\w+))?|^\W*(?<word>is|are|was|were|do|does|did|can|could|will|would|should|shall|may|has|have|had|am)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex First { get; }

    [GeneratedRegex(
        @"\bwhat (?:is|are|will be|would be|could be|was|were) (?:(?:the|a|an|some|any|your|my) )*(?:\w+ ){0,2}(?:ways?|steps|tips|methods?|procedure|process|strategy|strategies|tricks?) (?:to|of|for|in|i|one)\b|\bwhat (?:should|can|do|must) (?:i|we|you|one) do to\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Way { get; }

    [GeneratedRegex(@"\bwhat (?:is|are|was|were) (?:(?:the|some|a) )?(?:(?:main|real|possible) )?(?:reasons?|causes?)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reason { get; }
}
