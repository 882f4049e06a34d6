using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Tests.Runs.Modelled;

namespace Minion.Orchestration.Tests.Runs.Recorded;

/// <summary>A journal as a release stored it, with the decision that followed from each of its beginnings.</summary>
internal sealed record RecordedJournal(string Behaviour, IReadOnlyList<Entry> Entries, IReadOnlyList<string> Decisions)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly Guid RunId = new("01890000-0000-7000-8000-000000000001");

    public RecordedRun Run => Folds.Recorded(RunId, Behaviour);

    public static RecordedJournal Parse(string json)
    {
        var root = JsonNode.Parse(json)!;
        return new RecordedJournal(
            (string)root["behaviour"]!,
            [.. root["entries"]!.AsArray().Select((e, i) => Read(e!.AsObject(), i + 1))],
            [.. root["decisions"]!.AsArray().Select(d => (string)d!)]);
    }

    /// <summary>As a file of this folder has it.</summary>
    public string ToJson() => new JsonObject
    {
        ["behaviour"] = Behaviour,
        ["entries"] = new JsonArray([.. Entries.Select(e => (JsonNode)new JsonObject
        {
            ["step"] = e.Step,
            ["call"] = e.Call,
            ["attempt"] = e.Attempt,
            ["kind"] = e.Payload.Kind,
            ["at"] = e.EndedAt.ToString("O"),
            ["tokens"] = new JsonArray(e.Usage.InputTokens, e.Usage.OutputTokens),
            ["payload"] = JsonNode.Parse(EntryJson.Write(e.Payload)),
        })]),
        ["decisions"] = new JsonArray([.. Decisions.Select(d => (JsonNode)JsonValue.Create(d))]),
    }.ToJsonString(Readable) + "\n";

    private static Entry Read(JsonObject entry, long seq)
    {
        var payload = EntryJson.Read((string)entry["kind"]!, entry["payload"]!.ToJsonString());
        var at = DateTimeOffset.Parse((string)entry["at"]!, System.Globalization.CultureInfo.InvariantCulture);
        var tokens = entry["tokens"]!.AsArray();
        return new Entry(
            seq, (int)entry["step"]!, (int)entry["call"]!, (int)entry["attempt"]!, payload, at, at, EntryRow.UsageOf(payload, (int)tokens[0]!, (int)tokens[1]!));
    }
}
