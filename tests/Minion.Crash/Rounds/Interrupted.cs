using Minion.Crash.Arena;

namespace Minion.Crash.Rounds;

/// <summary>A run that a victim held when it was struck.</summary>
internal sealed record Interrupted(Guid Id, long Epoch, long NextSeq)
{
    private const string HeldBy =
        """
        SELECT r.id, r.epoch, r.next_seq AS NextSeq FROM orchestration.runs r JOIN orchestration.workers w ON w.id = r.worker_id
        WHERE split_part(w.process, ' ', 3) = @process
        """;

    private const string Held = "SELECT id, epoch, next_seq AS NextSeq FROM orchestration.runs WHERE status = 'running'";

    private const string Progress =
        """
        SELECT count(*) FILTER (WHERE r.epoch > i.epoch)::int AS Resumed,
          count(*) FILTER (WHERE r.epoch > i.epoch AND r.status IN ('completed', 'failed', 'cancelled'))::int AS Ended,
          count(*) FILTER (WHERE r.epoch = i.epoch AND r.next_seq = i.seq AND r.ended_at IS NULL)::int AS Stuck
        FROM unnest(@ids, @epochs, @seqs) AS i (id, epoch, seq) JOIN orchestration.runs r ON r.id = i.id
        """;

    public static Task<List<Interrupted>> HeldByAsync(Database database, int process) => database.QueryAsync<Interrupted>(HeldBy, new { process = $"{process}" });

    public static Task<List<Interrupted>> AllHeldAsync(Database database) => database.QueryAsync<Interrupted>(Held);

    /// <summary>How many of them another epoch took over, how many of those have ended, and how many nobody has touched since.</summary>
    public static async Task<(int Resumed, int Ended, int Stuck)> ProgressAsync(Database database, IReadOnlyCollection<Interrupted> runs) =>
        (await database.QueryAsync<(int, int, int)>(
            Progress,
            new { ids = runs.Select(r => r.Id).ToArray(), epochs = runs.Select(r => r.Epoch).ToArray(), seqs = runs.Select(r => r.NextSeq).ToArray() }))[0];
}
