using System.Text.RegularExpressions;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Execution;

/// <summary>What helps after failures of one tool, by what their messages say.</summary>
internal sealed class ErrorHints
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    private readonly List<(Regex Pattern, string Hint)> _hints;

    /// <exception cref="ArgumentException">A pattern is no regular expression.</exception>
    public ErrorHints(IEnumerable<ErrorHint> hints) => _hints = [.. hints.Select(hint => (Compile(hint.Pattern), hint.Hint))];

    /// <summary>Never takes long: without back-tracking.</summary>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LongestMatch);

    /// <summary>The failure with the hint of the first pattern that fits, before its own.</summary>
    public ToolFailure Help(ToolFailure failure)
    {
        foreach (var (pattern, hint) in _hints)
        {
            try
            {
                if (pattern.IsMatch(failure.Message))
                {
                    return failure with { Hint = failure.Hint.Length == 0 ? hint : $"{hint} {failure.Hint}" };
                }
            }
            catch (RegexMatchTimeoutException)
            {
                // A message that takes so long has no hint.
            }
        }

        return failure;
    }
}
