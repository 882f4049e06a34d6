using System.Text.RegularExpressions;
using Minion.Models.Providers.Local;

namespace Minion.Models.Cache;

/// <summary>What the guard looks at in a text; made once for each comparison.</summary>
internal sealed partial class QuestionWords
{
    public QuestionWords(string text)
    {
        Text = text;
        var plain = text.Replace('’', '\'');
        var tokens = TokenPattern.Matches(plain).Select(m => (Start: m.Index, Word: m.Value.TrimEnd('.', '\'', '-'))).Where(t => t.Word.Length > 0).ToList();
        Lower = [.. tokens.Select(t => t.Word.ToLowerInvariant())];
        All = [.. Words.Of(plain)];
        Content = [.. All.Where(w => !StopWords.Contains(w)).Select(Stem.Of)];
        Stems = [.. All.Select(Stem.Of), .. Lower.Select(Stem.Of)];
        LowerSet = [.. Lower];
        Names = [.. tokens.Where(t => IsName(t.Word, StartsSentence(plain, t.Start))).Select(t => t.Word.ToLowerInvariant())];
        Kind = QuestionKind.Of(plain);
    }

    public string Text { get; }

    /// <summary>The tokens in lower case, with what is inside them: <c>c++</c>, <c>my_file.py</c>, <c>don't</c>.</summary>
    public IReadOnlyList<string> Lower { get; }

    public HashSet<string> LowerSet { get; }

    /// <summary>The plain words.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The stems of the words that carry the matter, in order.</summary>
    public IReadOnlyList<string> Content { get; }

    public HashSet<string> Stems { get; }

    /// <summary>What looks like a name: capitals within a sentence, capitals or digits within a word, signs, letters of other scripts.</summary>
    public HashSet<string> Names { get; }

    /// <summary>What is asked for; empty when nothing is asked.</summary>
    public string Kind { get; }

    private static bool IsName(string word, bool startsSentence) =>
        !StopWords.Contains(word.ToLowerInvariant())
        && (word.Skip(1).Any(char.IsUpper)
            || (char.IsUpper(word[0]) && !startsSentence)
            || (word.Any(char.IsDigit) && word.Any(char.IsLetter))
            || word.AsSpan().IndexOfAny('_', '#', '+') >= 0
            || word.Any(c => c > 127));

    private static bool StartsSentence(string text, int index)
    {
        var before = text.AsSpan(0, index).TrimEnd();
        return before.IsEmpty || (before[^1] is '.' or '!' or '?' or ':' or '"' or '“' or '”' or '(');
    }

    [GeneratedRegex(@"[\p{L}\p{N}][\w.+#'-]*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TokenPattern { get; }
}
