using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Npgsql;

namespace Minion.Orchestration.Schedules;

/// <summary>A schedule as it is stored.</summary>
internal sealed record ScheduleRecord(
    string Tenant,
    Guid Id,
    ScheduleDefinition Definition,
    string Status,
    DateTimeOffset Anchor,
    DateTimeOffset? NextAt,
    DateTimeOffset? LastAt,
    Guid? LastRunId,
    string? LastFailure,
    long Fired,
    string? Cluster,
    string Principal,
    string[] Permissions,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>In the order of <see cref="Read"/>, of the table <c>s</c>.</summary>
    public const string Columns =
        """
        s.tenant, s.id, s.definition, s.status, s.anchor, s.next_at, s.last_at, s.last_run_id, s.last_failure, s.fired, s.cluster, s.principal,
        s.permissions, s.created_at, s.updated_at
        """;

    public const int ColumnCount = 15;

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public ScheduleTimes Times { get; } = new(Definition, Anchor);

    /// <summary>Who its runs belong to.</summary>
    public Caller Owner => new(Tenant, Principal, Permissions);

    public static string ToJson(ScheduleDefinition definition) => Formatter.Format(definition);

    public static ScheduleRecord Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetGuid(1),
        Parser.Parse<ScheduleDefinition>(row.GetString(2)),
        row.GetString(3),
        row.GetFieldValue<DateTimeOffset>(4),
        TimeOrNull(row, 5),
        TimeOrNull(row, 6),
        row.IsDBNull(7) ? null : row.GetGuid(7),
        row.TextOrNull(8),
        row.GetInt64(9),
        row.TextOrNull(10),
        row.GetString(11),
        row.GetFieldValue<string[]>(12),
        row.GetFieldValue<DateTimeOffset>(13),
        row.GetFieldValue<DateTimeOffset>(14));

    public Schedule ToProto() => new()
    {
        Id = Id.ToString(),
        Definition = Definition,
        Status = Status switch
        {
            "active" => ScheduleStatus.Active,
            "paused" => ScheduleStatus.Paused,
            _ => ScheduleStatus.Ended,
        },
        NextAt = Stamp(NextAt),
        LastAt = Stamp(LastAt),
        LastRunId = LastRunId?.ToString() ?? "",
        LastFailure = LastFailure ?? "",
        Fired = Fired,
        Cluster = Cluster ?? "",
        CreatedAt = Timestamp.FromDateTimeOffset(CreatedAt),
        UpdatedAt = Timestamp.FromDateTimeOffset(UpdatedAt),
    };

    private static Timestamp? Stamp(DateTimeOffset? time) => time is { } at ? Timestamp.FromDateTimeOffset(at) : null;

    private static DateTimeOffset? TimeOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
