using System.Globalization;
using System.Text.RegularExpressions;

namespace Minion.Models.Cache;

/// <summary>
/// Looks at two texts that are similar, and says where they nevertheless differ in meaning: what similarity is blind to, because it is one
/// word of many. It knows English best; in other languages its rules on numbers, names and signs hold.
/// </summary>
internal static partial class MeaningGuard
{
    private static readonly string[] NumberWords = ["zero", "-", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    public static bool Agrees(string a, string b) => Objection(new QuestionWords(a), new QuestionWords(b)) is null;

    /// <summary>The first thing that they differ in, as one word; null when they agree.</summary>
    public static string? Objection(QuestionWords a, QuestionWords b) => true switch
    {
        _ when !Numbers(a).SequenceEqual(Numbers(b)) => "numbers",
        _ when IsNegated(a) != IsNegated(b) => "negation",
        _ when !Signs(a.Text).SequenceEqual(Signs(b.Text)) => "signs",
        _ when !Names(a, b) || !Names(b, a) => "names",
        _ when !Times(a).SetEquals(Times(b)) => "times and units",
        _ when Opposed(a, b) => "opposites",
        _ when a.Kind != b.Kind && a.Kind.Length > 0 && b.Kind.Length > 0 => "kind",
        _ when Owner(a) * Owner(b) < 0 => "owner",
        _ when IsDirected(a) && Swapped(Heavy(a), Heavy(b)) => "order",
        _ when a.Kind.Length > 0 && b.Kind.Length > 0 && SaysMore(a, b) => "matter",
        _ => null,
    };

    private static List<string> Numbers(QuestionWords words) =>
    [
        .. NumberPattern.Matches(words.Text).Select(m => m.Value.Replace(",", "", StringComparison.Ordinal))
            .Concat(words.All.Select(w => Array.IndexOf(NumberWords, w)).Where(i => i >= 0).Select(i => i.ToString(CultureInfo.InvariantCulture)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Two negations are none. The "No," that a sentence begins with only announces the one that follows.</summary>
    private static bool IsNegated(QuestionWords words) =>
        words.Lower.Skip(words.Text.StartsWith("no,", StringComparison.OrdinalIgnoreCase) ? 1 : 0).Count(w => WordLists.Negations.Contains(w) || w.EndsWith("n't", StringComparison.Ordinal)) % 2 == 1;

    private static IEnumerable<char> Signs(string text) => text.Where(c => "+#%$€£¥@&=<>*^".Contains(c)).Order();

    private static bool Names(QuestionWords a, QuestionWords b) =>
        a.Names.All(n => b.LowerSet.Contains(n) || b.Stems.Contains(Providers.Local.Stem.Of(n)));

    /// <summary>Dates always; units where there is something to measure.</summary>
    private static HashSet<string> Times(QuestionWords words) =>
        [.. words.Content.Where(s => WordLists.Dates.Contains(s) || (WordLists.Units.Contains(s) && NumberPattern.IsMatch(words.Text)))];

    /// <summary>One says what the other says the opposite of; what both say does not count.</summary>
    private static bool Opposed(QuestionWords a, QuestionWords b)
    {
        var others = b.Stems.Except(a.Stems).ToHashSet(StringComparer.Ordinal);
        return a.Stems.Any(s => !b.Stems.Contains(s) && WordLists.Opposed(s, others));
    }

    /// <summary>Whose: 1 for the one who speaks, -1 for the one who is spoken to, 0 for both and none.</summary>
    private static int Owner(QuestionWords words) =>
        (words.All.Any(w => w is "my" or "mine" or "our") ? 1 : 0) - (words.All.Any(w => w is "your" or "yours") ? 1 : 0);

    /// <summary>Whether it matters which thing is named first.</summary>
    private static bool IsDirected(QuestionWords words) => words.All.Any(w => w is "to" or "from" or "into" or "than" or "against" or "over");

    private static List<string> Heavy(QuestionWords words) => [.. words.Content.Where(s => !WordLists.Light.Contains(s))];

    /// <summary>The same words in an order that is more than the end brought to the front: from A to B is not from B to A.</summary>
    private static bool Swapped(List<string> a, List<string> b)
    {
        if (a.Count != b.Count || a.SequenceEqual(b) || a.Distinct().Count() != a.Count || !a.Order(StringComparer.Ordinal).SequenceEqual(b.Order(StringComparer.Ordinal)))
        {
            return false;
        }

        var first = b.IndexOf(a[0]);
        return !a.SequenceEqual(b.Skip(first).Concat(b.Take(first)));
    }

    /// <summary>Whether one of two questions is about something that the other does not speak of.</summary>
    private static bool SaysMore(QuestionWords a, QuestionWords b)
    {
        var (x, y) = (Matter(a), Matter(b));
        return Unmatched(x, y) || Unmatched(y, x);
    }

    /// <summary>Numbers have their own rule.</summary>
    private static HashSet<string> Matter(QuestionWords words) => [.. words.Content.Where(s => !char.IsDigit(s[0]) && !NumberWords.Contains(s))];

    private static bool Unmatched(HashSet<string> of, HashSet<string> others) =>
        of.Any(s => !others.Contains(s) && !WordLists.Light.Contains(s) && !others.Any(o => WordLists.Same(s, o) || Alike.Words(s, o)));

    [GeneratedRegex(@"\d+(?:[.,:]\d+)*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberPattern { get; }
}
