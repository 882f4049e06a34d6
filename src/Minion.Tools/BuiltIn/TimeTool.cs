using System.Globalization;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Time;

namespace Minion.Tools.BuiltIn;

/// <summary>The present time at a place.</summary>
internal sealed class TimeTool(TimeProvider time) : ITool
{
    private readonly ZoneFinder _zones = new();

    public ToolDescription Description { get; } = new()
    {
        Name = "time",
        Version = "1.0",
        Category = "time",
        Description = "Gives the present time and date at a place: a city, a country with one time zone, or an IANA time zone such as Asia/Tokyo. Without a place: UTC.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": { "place": { "type": "string", "maxLength": 100 } },
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "time": { "type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$" },
                "date": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
                "weekday": { "type": "string" },
                "zone": { "type": "string" },
                "utc_offset": { "type": "string", "pattern": "^[+-][0-9]{2}:[0-9]{2}$" },
                "iso": { "type": "string" }
              },
              "required": ["time", "date", "weekday", "zone", "utc_offset", "iso"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Timeout = TimeSpan.FromSeconds(5), Concurrency = 256 },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var place = call.Arguments.TryGetProperty("place", out var value) ? value.GetString()!.Trim() : "";
        if (_zones.Find(place.Length == 0 ? "UTC" : place, out var nearest) is { } zone)
        {
            return new(ToolOutcome.Result(At(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone), zone), BuiltInJson.Readable.TimeResult));
        }

        return new(ToolOutcome.Failed(
            $"The time zone of '{place}' is not known.",
            $"{Nearest.Question(nearest)} Name a large city in the same time zone, or an IANA time zone such as Europe/Paris.".TrimStart()));
    }

    private static TimeResult At(DateTimeOffset now, TimeZoneInfo zone) => new(
        now.ToString("HH:mm", CultureInfo.InvariantCulture),
        now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        now.DayOfWeek.ToString(),
        zone.Id,
        now.ToString("zzz", CultureInfo.InvariantCulture),
        now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
}
