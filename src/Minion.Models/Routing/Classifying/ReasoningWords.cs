using System.Collections.Frozen;

namespace Minion.Models.Routing;

/// <summary>Words that ask for thinking rather than for knowing.</summary>
internal static class ReasoningWords
{
    private static readonly FrozenSet<string> All = FrozenSet.ToFrozenSet(
        [
            "analyse", "analyze", "architecture", "argue", "assess", "compare", "contrast", "critique", "debug", "deduce", "derive", "design", "diagnose",
            "estimate", "evaluate", "hypothesis", "implement", "infer", "investigate", "justify", "migrate", "optimise", "optimize", "plan", "proof",
            "prove", "reason", "reasoning", "refactor", "simulate", "strategy", "theorem", "tradeoff", "tradeoffs", "troubleshoot", "why",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = All.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => word.Length is >= 3 and <= 12 && Lookup.Contains(word);
}
