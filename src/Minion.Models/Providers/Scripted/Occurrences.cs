using System.Text.RegularExpressions;

namespace Minion.Models.Providers.Scripted;

/// <summary>One match of one rule.</summary>
internal sealed record Occurrence(Rule Rule, Match Match);

/// <summary>Finds what a script reacts to in a message.</summary>
internal static class Occurrences
{
    private const int Most = 32;

    /// <summary>All rules' matches in the order of the text. Where two cover the same stretch, the rule that stands first has it.</summary>
    /// <exception cref="ModelException">A pattern takes too long on this text.</exception>
    public static IReadOnlyList<Occurrence> Find(IReadOnlyList<Rule> rules, string text)
    {
        var found = new List<Occurrence>();
        foreach (var rule in rules)
        {
            foreach (var match in MatchesOf(rule, text).Where(m => !found.Exists(f => Overlap(f.Match, m))))
            {
                found.Add(new Occurrence(rule, match));
            }
        }

        return [.. found.OrderBy(f => f.Match.Index).Take(Most)];
    }

    private static List<Match> MatchesOf(Rule rule, string text)
    {
        try
        {
            return [.. rule.Match.Matches(text).Where(m => m.Length > 0).Take(Most)];
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ModelException(
                ModelErrorKind.InvalidRequest,
                $"The pattern script.{rule.Path}.match took longer than {Patterns.MatchTimeout.TotalSeconds:0} s on this message.",
                "Simplify the pattern: nested repetitions and lookarounds can take exponential time.");
        }
    }

    private static bool Overlap(Match a, Match b) => a.Index < b.Index + b.Length && b.Index < a.Index + a.Length;
}
