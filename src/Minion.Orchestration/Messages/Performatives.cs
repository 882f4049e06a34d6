using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Messages;

/// <summary>The performatives as they are stored and as models write them: <c>call-for-proposals</c>.</summary>
internal static class Performatives
{
    private static readonly Dictionary<Performative, string> Texts = Enum.GetValues<Performative>()
        .Where(p => p != Performative.Unspecified)
        .ToDictionary(p => p, p => string.Concat(p.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString())));

    private static readonly Dictionary<string, Performative> Parsed = Texts.ToDictionary(t => t.Value, t => t.Key);

    public static IReadOnlyCollection<string> Names => Texts.Values;

    public static string ToText(this Performative performative) => Texts[performative];

    /// <summary>Unspecified for a name that there is not, as a later version may have written it.</summary>
    public static Performative Parse(string text) => Parsed.GetValueOrDefault(text);
}
