using System.Text.Json;
using Minion.Orchestration.Runs.History;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What a claim reads of the run <c>r</c>.</summary>
internal static class ClaimedRow
{
    public const string Columns =
        """
        r.tenant, r.id, r.agent_id, r.agent, r.agent_version, r.behaviour, r.session_id, r.first_message, r.last_message, r.principal,
          r.permissions, r.epoch, r.next_seq, r.limits, r.deadline, r.input, r.created_at, r.overrides, r.options::text, r.priority, r.root_id, r.parent_id,
          r.depth, r.tainted
        """;

    public static ClaimedRun Read(NpgsqlDataReader reader) => new()
    {
        Tenant = reader.GetString(0),
        Id = reader.GetGuid(1),
        AgentId = reader.GetGuid(2),
        Agent = reader.GetString(3),
        AgentVersion = reader.GetInt32(4),
        Behaviour = reader.GetString(5),
        SessionId = reader.IsDBNull(6) ? null : reader.GetGuid(6),
        FirstMessage = reader.GetInt64(7),
        LastMessage = reader.GetInt64(8),
        Principal = reader.GetString(9),
        Permissions = reader.GetFieldValue<string[]>(10),
        Epoch = reader.GetInt64(11),
        NextSeq = reader.GetInt64(12),
        Limits = JsonSerializer.Deserialize(reader.GetString(13), RunJsonContext.Default.RunLimits)!,
        Deadline = reader.GetFieldValue<DateTimeOffset>(14),
        Input = reader.GetString(15),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(16),
        Overrides = ForkOverrides.FromJson(reader.TextOrNull(17)),
        Options = reader.GetString(18),
        Priority = reader.GetInt32(19),
        RootId = reader.GetGuid(20),
        ParentId = reader.IsDBNull(21) ? null : reader.GetGuid(21),
        Depth = reader.GetInt32(22),
        IsTainted = reader.GetBoolean(23),
    };
}
