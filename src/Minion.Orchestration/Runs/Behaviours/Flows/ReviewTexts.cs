using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>What reviewers and writers are asked, and how a review is read. A change is a new version of every behaviour that reviews.</summary>
internal static class ReviewTexts
{
    public const string Accepted = "ACCEPTED";

    /// <summary>What a reviewer is asked; <c>{{draft}}</c> is the draft.</summary>
    public static string Review(string criteria) =>
        $$$"""
        Review the draft against the task.{{{(criteria.Length == 0 ? "" : " " + criteria)}}}
        When it needs no change, begin your answer with {{{Accepted}}}. Otherwise list what must change, most important first.

        Task:
        {{task}}

        Draft:
        {{draft}}
        """;

    /// <summary>What a writer is asked after a review that did not accept the draft.</summary>
    public const string Revise =
        """
        Revise the draft: make every change that the review asks for, and answer with the whole new text and nothing else.

        Task:
        {{task}}

        Draft:
        {{draft}}

        Review:
        {{review}}
        """;

    /// <summary>Whether a review accepts the draft: it matches the pattern, or begins with <see cref="Accepted"/>, or is JSON with <c>"accepted": true</c>.</summary>
    public static bool Accepts(string review, Regex? pattern)
    {
        if (pattern is not null)
        {
            return pattern.IsMatch(review);
        }

        if (JsonText.Value(review) is JsonObject verdict)
        {
            return verdict["accepted"] is JsonValue accepted && accepted.TryGetValue<bool>(out var yes) && yes;
        }

        var text = review.AsSpan().TrimStart(" \t\r\n*#_>`\"'");
        return text.StartsWith(Accepted, StringComparison.OrdinalIgnoreCase) && (text.Length == Accepted.Length || !char.IsLetterOrDigit(text[Accepted.Length]));
    }
}
