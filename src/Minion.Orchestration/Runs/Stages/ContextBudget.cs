namespace Minion.Orchestration.Runs.Stages;

/// <summary>What history and input of a run may take.</summary>
/// <param name="Window">The model's window in tokens.</param>
/// <param name="Taken">Tokens of it that instructions, tools and the answer take.</param>
/// <param name="Input">Tokens of the run's input.</param>
/// <param name="MaxTokens">The agent's own limit for history and input; 0 for none.</param>
/// <param name="KeepLast">Newest messages that are not summarised while they fit.</param>
/// <param name="Summarise">Whether what does not fit is summarised, or left out.</param>
internal sealed record ContextBudget(long Window, long Taken, long Input, long MaxTokens, int KeepLast, bool Summarise)
{
    public const int DefaultKeepLast = 10;

    /// <summary>The window of a model of which nobody has said it.</summary>
    public const long DefaultWindow = 32_768;

    private const long LeastRoom = 256;
    private const long LeastChunk = 512;

    /// <summary>Tokens of messages that one call for a summary takes.</summary>
    public long ChunkTokens => Math.Max(LeastChunk, (Window / 2) - (2 * ContextPlan.SummaryTokens(Window)));

    /// <summary>Tokens of history and input. Whoever undid a summary wants the messages as long as the model can hold them.</summary>
    public long TotalFor(SessionWeights session)
    {
        var room = Math.Max(LeastRoom, Window - Taken);
        return MaxTokens == 0 || session.FullThrough > session.SummaryThrough ? room : Math.Min(MaxTokens, room);
    }
}
