using Minion.Crash.Arena;
using Minion.Crash.Load;

namespace Minion.Crash.Checks;

/// <summary>What must hold of what the clients were told.</summary>
internal static class LedgerChecks
{
    /// <summary>A tool that lost its database says so, and the answer then does: those runs, and those above them, are judged by their journals alone.</summary>
    private const string NoCallFailed =
        """
        NOT EXISTS (SELECT FROM orchestration.runs t JOIN orchestration.entries e ON e.run_id = t.id
          WHERE t.tenant = r.tenant AND t.root_id = r.root_id AND e.kind = 'tool' AND e.payload -> 'failure' IS NOT NULL)
        """;

    private const string Lost =
        """
        SELECT format('run %s (%s) was accepted and is not there', i.id, i.request)
        FROM unnest(@ids, @requests) AS i (id, request)
        WHERE NOT EXISTS (SELECT FROM orchestration.runs r WHERE r.id = i.id AND r.request_id = i.request)
        """;

    private const string WrongAnswer =
        $"""
        SELECT format('run %s answers "%s" instead of "%s"', r.id, r.output, i.answer)
        FROM unnest(@ids, @answers) AS i (id, answer) JOIN orchestration.runs r ON r.id = i.id
        WHERE r.status = 'completed' AND r.output <> i.answer AND {NoCallFailed}
        """;

    private const string MissingCall =
        $"""
        SELECT format('run %s is completed, and its call %s was not made', r.id, i.text)
        FROM unnest(@runs, @texts) AS i (id, text) JOIN orchestration.runs r ON r.id = i.id
        WHERE r.status = 'completed' AND NOT EXISTS (SELECT FROM crash.calls c WHERE c.text = i.text) AND {NoCallFailed}
        """;

    private const string Cancelled =
        """
        SELECT format('run %s is cancelled, and nobody asked for that', r.id)
        FROM unnest(@ids) AS i (id) JOIN orchestration.runs r ON r.id = i.id WHERE r.status = 'cancelled'
        """;

    private const string Journals =
        """
        SELECT run_id AS Run, array_agg(kind ORDER BY seq) AS Kinds FROM orchestration.entries WHERE run_id = ANY(@ids) GROUP BY run_id
        """;

    /// <summary>A run that the clients know, for a sabotage.</summary>
    private const string Some = "(SELECT id FROM orchestration.runs WHERE status = 'completed' AND request_id LIKE 'crash-%' ORDER BY id LIMIT 1)";

    public static IEnumerable<Invariant> Of(Database database, Ledger ledger, Watchers watchers) =>
    [
        new(
            "lost",
            "no accepted run is lost",
            async since =>
            {
                var all = ledger.AcceptedSince(since);
                return await database.QueryAsync<string>(
                    Lost, new { ids = all.Select(a => a.Run).ToArray(), requests = all.Select(a => a.Submission.RequestId).ToArray() });
            },
            Sabotage.Sql($"DELETE FROM orchestration.runs WHERE id = {Some}")),
        new(
            "contradictions",
            "every call of a client is answered as the first one was",
            _ => Task.FromResult<IReadOnlyList<string>>([.. ledger.Contradictions]),
            Sabotage.Memory(() =>
            {
                var some = ledger.AcceptedSince(DateTime.UnixEpoch)[0];
                ledger.Accept(some.Submission, Guid.Empty);
                return ledger.ForgetContradictions;
            })),
        new(
            "answers",
            "every answer is the right one",
            async since =>
            {
                var all = ledger.AcceptedSince(since);
                return await database.QueryAsync<string>(
                    WrongAnswer, new { ids = all.Select(a => a.Run).ToArray(), answers = all.Select(a => a.Submission.Answer).ToArray() });
            },
            Sabotage.Sql("UPDATE orchestration.runs SET output = output || '!'")),
        new(
            "cancels",
            "only what a client cancelled is cancelled",
            async since => await database.QueryAsync<string>(
                Cancelled, new { ids = ledger.AcceptedSince(since).Where(a => !a.Submission.IsCancelled).Select(a => a.Run).ToArray() }),
            Sabotage.Sql($"UPDATE orchestration.runs SET status = 'cancelled' WHERE id = {Some}")),
        new(
            "calls",
            "a completed run has made its calls",
            async since =>
            {
                var calls = ledger.AcceptedSince(since).SelectMany(a => a.Submission.Calls.Select(text => (a.Run, Text: text))).ToList();
                return await database.QueryAsync<string>(
                    MissingCall, new { runs = calls.Select(n => n.Run).ToArray(), texts = calls.Select(n => n.Text).ToArray() });
            },
            Sabotage.Sql("DELETE FROM crash.calls")),
        new(
            "order",
            "a watcher is told each entry once and in order",
            _ => Task.FromResult<IReadOnlyList<string>>([.. watchers.All.Select(w => w.Disorder).OfType<string>()]),
            Sabotage.Memory(() => watchers.All.First(w => w.LastSeq > 0).TellTwice())),
        new(
            "watched",
            "a watcher is told the whole journal",
            _ => JournalsDifferAsync(database, watchers),
            Sabotage.Sql("DELETE FROM orchestration.entries WHERE seq = 1"),
            OnlyAtTheEnd: true),
    ];

    private static async Task<IReadOnlyList<string>> JournalsDifferAsync(Database database, Watchers watchers)
    {
        var all = watchers.All;
        var journals = (await database.QueryAsync<(Guid Run, string[] Kinds)>(Journals, new { ids = all.Select(w => w.Run).ToArray() }))
            .ToDictionary(j => j.Run, j => j.Kinds);
        return
        [
            .. all.Where(w => !w.Ended).Select(w => $"run {w.Run}: its watcher came to entry {w.LastSeq} and never to the end"),
            .. all.Where(w => w.Ended && !w.Kinds.SequenceEqual(journals.GetValueOrDefault(w.Run) ?? []))
                .Select(w => $"run {w.Run}: told {string.Join(' ', w.Kinds)}, has {string.Join(' ', journals.GetValueOrDefault(w.Run) ?? [])}"),
        ];
    }
}
