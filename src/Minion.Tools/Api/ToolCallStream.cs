using Minion.Tools.Execution;

namespace Minion.Tools.Api;

/// <summary>Makes a call and tells meanwhile what the tool says, a few times a second.</summary>
internal static class ToolCallStream
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The report; all that the tool said before it has been told by then.</summary>
    /// <param name="call">Makes the call.</param>
    /// <param name="tell">Is told lines, one text after the other.</param>
    /// <param name="time">For the pauses.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public static async Task<ToolReport> RunAsync(
        Func<IProgress<string>, CancellationToken, Task<ToolReport>> call, Func<string, Task> tell, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lines = new ProgressLines();
        var calling = call(lines, stop.Token);
        try
        {
            while (await IsUnderWayAsync(calling, lines, time))
            {
                if (lines.Take() is { } text)
                {
                    await tell(text);
                }
            }

            if (lines.Take() is { } last)
            {
                await tell(last);
            }

            return await calling;
        }
        finally
        {
            // Whoever cannot be told has gone.
            await stop.CancelAsync();
            await ((Task)calling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until there is something to tell, and a little longer for what comes with it; false when the call has ended.</summary>
    private static async Task<bool> IsUnderWayAsync(Task calling, ProgressLines lines, TimeProvider time)
    {
        if (calling.IsCompleted)
        {
            return false;
        }

        using var ended = new CancellationTokenSource();
        if (await Task.WhenAny(calling, lines.WaitAsync(ended.Token)) != calling)
        {
            await Task.WhenAny(calling, Task.Delay(Pause, time, ended.Token));
        }

        await ended.CancelAsync();
        return !calling.IsCompleted;
    }
}
