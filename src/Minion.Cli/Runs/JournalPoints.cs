using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>A point of a journal, as options name it.</summary>
internal static class JournalPoints
{
    public static JournalPoint? Of(int? step, long? seq) => (step, seq) switch
    {
        (null, null) => null,
        ({ } before, null) => new JournalPoint { BeforeStep = before },
        (null, { } after) => new JournalPoint { AfterSeq = after },
        _ => throw new CliFailure(ExitCodes.Usage, "usage", "A step and an entry are given.", "Give --step or --seq."),
    };
}
