using System.Text.RegularExpressions;

namespace Minion.Models.Providers.Scripted;

/// <summary>Patterns from a script: other people's regular expressions on other people's text.</summary>
internal static class Patterns
{
    public const int Longest = 1_000;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Compiles a pattern: without backtracking (in linear time) where the pattern allows it, else held by the timeout.</summary>
    /// <exception cref="ArgumentException">It is not a pattern.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, Options | RegexOptions.NonBacktracking, MatchTimeout);
        }
        catch (NotSupportedException)
        {
            // Lookarounds, backreferences and atomic groups need backtracking.
            return new Regex(pattern, Options, MatchTimeout);
        }
    }
}
