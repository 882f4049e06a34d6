using Minion.Bench.Arena;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Load;

/// <summary>Answers what runs wait for, and looks how soon they go on.</summary>
internal static class Answering
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Milliseconds from before the answer is sent until the run's next call of its model begins, by the journal's times.</summary>
    public static async Task<double> MillisecondsAsync(ServerProcess server, string run, CancellationToken ct)
    {
        var last = (await server.Runs.GetRunAsync(new GetRunRequest { Id = run }, cancellationToken: ct)).Run.LastSeq;
        var answered = DateTimeOffset.UtcNow;
        await server.Runs.AnswerAsync(new AnswerRequest { RunId = run, Choice = "done" }, cancellationToken: ct);
        while (true)
        {
            var after = await server.Runs.ListEntriesAsync(new ListEntriesRequest { RunId = run, AfterSeq = last }, cancellationToken: ct);
            if (after.Entries.FirstOrDefault(e => e.KindCase == Entry.KindOneofCase.Model) is { } next)
            {
                return (next.StartedAt.ToDateTimeOffset() - answered).TotalMilliseconds;
            }

            await Task.Delay(Look, ct);
        }
    }
}
