using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;
using When = Minion.Contracts.Orchestration.V1.ScheduleDefinition.WhenOneofCase;

namespace Minion.Orchestration.Schedules;

/// <summary>A schedule as an entry of <c>schedules</c> in a cluster file: what <see cref="ScheduleReader"/> reads.</summary>
internal static class ScheduleYaml
{
    public static string Text(ScheduleDefinition definition) => YamlText.Write(Node(definition));

    public static JsonObject Node(ScheduleDefinition definition)
    {
        var node = new JsonObject { ["name"] = definition.Name };
        Section.Put(node, "description", definition.Description);
        node["agent"] = definition.Agent;
        Section.Put(node, "cron", definition.Cron);
        Section.Put(node, "time_zone", definition.TimeZone);
        Section.Put(node, "every", definition.WhenCase == When.Every ? definition.Every.ToTimeSpan() : (TimeSpan?)null);
        Section.Put(node, "at", definition.WhenCase == When.At ? Time(definition.At) : "");
        Section.Put(node, "delay", definition.WhenCase == When.Delay ? definition.Delay.ToTimeSpan() : (TimeSpan?)null);
        Section.Put(node, "starts_at", Time(definition.StartsAt));
        Section.Put(node, "ends_at", Time(definition.EndsAt));
        node["input"] = definition.Input;
        Section.Put(node, "session", definition.SessionId);
        if (definition.OwnSession)
        {
            node["own_session"] = true;
        }

        Section.Put(node, "priority", definition.Priority == 0 ? null : (long?)definition.Priority);
        Section.Put(node, "missed", definition.Missed == MissedPolicy.Unspecified ? "" : definition.Missed.ToString().ToLowerInvariant());
        Section.Put(node, "max_missed", definition.MaxMissed == 0 ? null : (long?)definition.MaxMissed);
        Section.Put(node, "overlap", definition.Overlap == OverlapPolicy.Unspecified ? "" : definition.Overlap.ToString().ToLowerInvariant());
        return AgentYaml.Escape(node)!.AsObject();
    }

    private static string Time(Timestamp? time) =>
        time is null ? "" : time.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
