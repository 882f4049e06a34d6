using System.Text.RegularExpressions;

namespace Minion.Models.Cache;

/// <summary>
/// Recognises text that speaks of one person or one account: an address, a number that identifies, or what somebody says of himself. It is
/// deliberately wide: what it takes for personal by mistake costs a call, nothing more.
/// </summary>
internal static partial class PersonalText
{
    public static bool IsIn(string text) => Identifier.IsMatch(text) || Own.IsMatch(text);

    [GeneratedRegex(
        @"[\w.+-]+@[\w-]+\.\w|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}|(?:\+|\b)\d(?:[ ()/.-]{0,2}\d){7,}\b",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Identifier { get; }

    [GeneratedRegex(
        @"\b(?:i am called|i live (?:in|at)|i was born (?:in|on)|my (?:full |home |e-?mail |bank |credit |phone )?(?:name|address|e-?mail|phone|number|account|card|password|passport|salary|diagnosis|birthday|ssn|iban) (?:is|are))\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Own { get; }
}
