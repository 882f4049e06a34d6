namespace Minion.Orchestration.Runs.Journal.LongTexts;

/// <summary>A payload as it is written: its JSON, and the texts that are kept aside.</summary>
internal sealed record StoredPayload(string Json, IReadOnlyList<LongText> Texts)
{
    public static StoredPayload Of(EntryPayload payload)
    {
        var (json, texts) = LongTextJson.Split(EntryJson.Write(payload));
        return new StoredPayload(json, payload is CallReturned { Whole.Text: { } whole } ? [.. texts, whole] : texts);
    }
}
