namespace Minion.Orchestration.Sessions;

/// <summary>The runs of a session that goes.</summary>
internal static class SessionRuns
{
    /// <summary>Locks up to $4 ended roots of the session $2, from after the id $3.</summary>
    public const string Lock =
        """
        SELECT id FROM orchestration.runs
        WHERE tenant = $1 AND session_id = $2 AND id > $3 AND parent_id IS NULL AND status IN ('completed', 'failed', 'cancelled')
        ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
        """;

    /// <summary>
    /// All runs of the trees of the roots $2, each with whether its whole tree may go, and whether all of it has ended: a tree stays in which a run is kept, or
    /// of which there is a fork.
    /// </summary>
    public const string Trees =
        """
        WITH members AS (
          SELECT r.id AS root, r.id, r.status, r.kept FROM orchestration.runs r WHERE r.tenant = $1 AND r.id = ANY ($2)
          UNION ALL
          SELECT r.root_id, r.id, r.status, r.kept FROM orchestration.runs r
          WHERE r.tenant = $1 AND r.root_id = ANY ($2) AND r.parent_id IS NOT NULL
        ), judged AS (
          SELECT m.root, bool_and(m.status IN ('completed', 'failed', 'cancelled')) AS ended,
            bool_or(m.kept OR EXISTS (SELECT FROM orchestration.runs f WHERE f.tenant = $1 AND f.forked_from = m.id)) AS needed
          FROM members m GROUP BY m.root
        )
        SELECT m.id, j.needed FROM members m JOIN judged j USING (root) WHERE j.ended
        """;

    /// <summary>What is needed goes on without the session: $2 the runs.</summary>
    public const string Detach = "UPDATE orchestration.runs SET session_id = NULL WHERE tenant = $1 AND id = ANY ($2)";

    public const string Remove = "DELETE FROM orchestration.runs WHERE tenant = $1 AND id = ANY ($2)";

    /// <summary>Whether a run of the session <c>s</c> is under way.</summary>
    public const string UnderWay =
        """
        EXISTS (
          SELECT FROM orchestration.runs r
          WHERE r.tenant = s.tenant AND r.session_id = s.id AND r.status IN ('ready', 'running', 'waiting'))
        """;
}
