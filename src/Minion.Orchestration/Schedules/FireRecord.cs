using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Npgsql;

namespace Minion.Orchestration.Schedules;

/// <summary>A time of a schedule that was reached, and starts a run.</summary>
internal sealed record FireRecord(ScheduleRecord Schedule, DateTimeOffset At, string RequestId, long Number, int Attempts, DateTimeOffset FiredAt)
{
    /// <summary>In the order of <see cref="Read"/>, of the table <c>f</c>, after those of the schedule.</summary>
    public const string Columns = "f.at, f.request_id, f.number, f.attempts, f.fired_at";

    /// <summary>The same for each process that sees the time, so that all of them ask for the same run.</summary>
    public static string RequestOf(Guid schedule, DateTimeOffset at) =>
        $"schedule/{schedule}/{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)}";

    public static FireRecord Read(NpgsqlDataReader row)
    {
        const int first = ScheduleRecord.ColumnCount;
        return new FireRecord(
            ScheduleRecord.Read(row),
            row.GetFieldValue<DateTimeOffset>(first),
            row.GetString(first + 1),
            row.GetInt64(first + 2),
            row.GetInt32(first + 3),
            row.GetFieldValue<DateTimeOffset>(first + 4));
    }

    public static Fire ReadProto(NpgsqlDataReader row) => new()
    {
        At = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(0)),
        Status = row.GetString(1) switch
        {
            "due" => FireStatus.Due,
            "started" => FireStatus.Started,
            "skipped" => FireStatus.Skipped,
            _ => FireStatus.Failed,
        },
        RunId = row.IsDBNull(2) ? "" : row.GetGuid(2).ToString(),
        Reason = row.TextOrNull(3) ?? "",
        Triggered = row.GetBoolean(4),
        FiredAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(5)),
    };

    /// <summary>What is asked of the run service; the same whenever it is asked again.</summary>
    public StartRunRequest ToRequest()
    {
        var definition = Schedule.Definition;
        return new StartRunRequest
        {
            Agent = definition.Agent,
            Input = InputTemplate.Fill(definition.Input, new Dictionary<string, string>
            {
                ["fired_at"] = Text(FiredAt),
                ["scheduled_at"] = Text(At),
                ["schedule"] = definition.Name,
                ["number"] = Number.ToString(CultureInfo.InvariantCulture),
            }),
            SessionId = definition.OwnSession ? Schedule.Id.ToString() : definition.SessionId,
            RequestId = RequestId,
            Priority = definition.Priority,
        };
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
