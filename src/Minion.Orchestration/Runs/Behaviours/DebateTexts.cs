namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>What those who debate are asked.</summary>
internal static class DebateTexts
{
    /// <summary>What a side is asked in a round: what all of them said in the round before, and its own position.</summary>
    public static string Turn(string question, IReadOnlyList<DebateSide> sides, IReadOnlyList<string?> said, int own)
    {
        var position = sides[own].Position is { } given ? $"You argue for this position: {given}\n\n" : "";
        var others = string.Join("\n\n", sides.Select((side, i) => (side, i)).Where(s => s.i != own && said[s.i] is not null).Select(s => $"{s.side.Label} said:\n{said[s.i]}"));
        return others.Length == 0
            ? $"{question}\n\n{position}Give your answer with your reasons."
            : $"{question}\n\n{position}What the others say:\n\n{others}\n\nWhat you said:\n{said[own] ?? "(nothing)"}\n\nAnswer them: give your answer again, changed where they are right, with your reasons.";
    }

    /// <summary>What the judge is asked.</summary>
    public static string Verdict(string question, IReadOnlyList<DebateSide> sides, IReadOnlyList<string?> said) =>
        $"{question}\n\nThis was debated. What each said last:\n\n{string.Join("\n\n", sides.Select((side, i) => $"{side.Label}{(side.Position is { } p ? $" ({p})" : "")}:\n{said[i] ?? "(nothing)"}"))}\n\nWeigh it and give the answer.";
}
