using Minion.Orchestration.Runs.Journal.LongTexts;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>An entry as its row has it; the texts that are kept aside are not with it yet.</summary>
internal sealed record RawEntry(Entry Bare, string Kind, string Json, int InputTokens, int OutputTokens, decimal CostUsd)
{
    public bool HasLongTexts { get; } = LongTextJson.HasReferences(Json);

    /// <summary>What is kept aside of it.</summary>
    public IReadOnlyList<LongTextReference> LongTexts => HasLongTexts ? LongTextJson.References(Json) : [];

    /// <summary>The entry with its texts, or with their beginnings where <paramref name="texts"/> is null.</summary>
    public Entry ToEntry(IReadOnlyDictionary<string, string>? texts)
    {
        var payload = EntryJson.Read(Kind, HasLongTexts ? LongTextJson.Fill(Json, texts) : Json);
        return Bare with
        {
            Payload = payload,
            Usage = EntryRow.UsageOf(payload, InputTokens, OutputTokens, CostUsd),
            LongTexts = LongTexts,
        };
    }
}
