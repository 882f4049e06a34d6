using System.Text.Json;
using Minion.Crash.Arena;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Crash.Checks;

/// <summary>Each journal is folded again, entry by entry: the engine's rules must decide what the journal says was done next.</summary>
internal static class ReplayCheck
{
    private const int Batch = 500;

    private const string Runs =
        """
        SELECT id, behaviour, limits::text, created_at, input, coalesce(to_jsonb(runs) ->> 'options', '{}'), status FROM orchestration.runs
        WHERE ended_at IS NULL OR ended_at >= $1 ORDER BY id
        """;

    private const string Journals = $"SELECT run_id, {EntryRow.Columns} FROM orchestration.entries WHERE run_id = ANY($1) ORDER BY run_id, seq";

    public static Invariant Of(Database database) => new(
        "replay",
        "replay of a journal takes the same decisions",
        since => FindAsync(database, since),
        Sabotage.Sql(
            """
            UPDATE orchestration.entries SET payload = payload || '{"output": "something else"}'
            WHERE ctid = (SELECT ctid FROM orchestration.entries WHERE kind = 'completed' LIMIT 1)
            """));

    private static async Task<IReadOnlyList<string>> FindAsync(Database database, DateTime since)
    {
        var found = new List<string>();
        var runs = await database.ReadAsync(
            Runs,
            [since.ToUniversalTime()],
            row => new RecordedRun
            {
                Id = row.GetGuid(0),
                Behaviour = row.GetString(1),
                Limits = JsonSerializer.Deserialize(row.GetString(2), RunJsonContext.Default.RunLimits)!,
                CreatedAt = row.GetFieldValue<DateTimeOffset>(3),
                Input = row.GetString(4),
                Options = row.GetString(5),
                Status = row.GetString(6),
                AgentId = Guid.Empty,
                Agent = "",
                AgentVersion = 0,
                Session = null,
                FirstMessage = 0,
                LastMessage = 0,
                Overrides = null,
            });
        foreach (var some in runs.Chunk(Batch))
        {
            var journals = (await database.ReadAsync(
                Journals, [some.Select(r => r.Id).ToArray()], row => (Run: row.GetGuid(0), Entry: EntryRow.Read(row, 1).ToEntry(texts: null))))
                .ToLookup(e => e.Run, e => e.Entry);
            found.AddRange(some.Select(r => Divergence(r, [.. journals[r.Id]])).OfType<string>());
        }

        return found;
    }

    private static string? Divergence(RecordedRun run, IReadOnlyList<Entry> journal)
    {
        if (BehaviourRegistry.BuiltIn.Exact(run.Behaviour) is not { } behaviour)
        {
            return $"run {run.Id} began with '{run.Behaviour}', which is not there";
        }

        return Replay.Of(run, behaviour, journal, promptHash: null).Divergence is { } divergence
            ? $"run {run.Id} ({run.Behaviour}) {Replay.Describe(divergence)}"
            : null;
    }
}
