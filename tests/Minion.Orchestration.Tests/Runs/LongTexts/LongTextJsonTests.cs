using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;

namespace Minion.Orchestration.Tests.Runs.LongTexts;

public sealed class LongTextJsonTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("näive \"quotes\" {\"$long\": 1} 😀 ", 800));

    [Fact]
    public void A_short_payload_is_stored_as_it_is()
    {
        var stored = StoredPayload.Of(new RunCompleted("hi"));
        stored.Texts.ShouldBeEmpty();
        stored.Json.ShouldBe(EntryJson.Write(new RunCompleted("hi")));
    }

    [Fact]
    public void Many_short_texts_stay_in_their_entry()
    {
        var calls = Enumerable.Range(0, 50).Select(i => new RequestedCall(i, $"id{i}", "tool", new string('a', 1_000))).ToArray();
        StoredPayload.Of(Answer("", calls)).Texts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(LongText.Limit, 0)]
    [InlineData(LongText.Limit + 1, 1)]
    public void Texts_over_the_limit_are_kept_aside(int length, int texts) =>
        StoredPayload.Of(new RunCompleted(new string('a', length))).Texts.Count.ShouldBe(texts);

    [Fact]
    public void The_limit_counts_bytes() => StoredPayload.Of(new RunCompleted(new string('ä', (LongText.Limit / 2) + 1))).Texts.ShouldHaveSingleItem();

    [Fact]
    public void A_payload_is_the_same_when_its_texts_are_put_back()
    {
        var payload = Answer(Long, [new RequestedCall(0, "id", "tool", Long + "!"), new RequestedCall(1, "id2", "tool", "{}")]);

        var stored = StoredPayload.Of(payload);
        var texts = stored.Texts.ToDictionary(t => t.HexHash, t => LongText.TextOf(t.Content));
        var read = EntryJson.Read("model", LongTextJson.Fill(stored.Json, texts));

        stored.Json.Length.ShouldBeLessThan(LongText.Limit);
        EntryJson.Write(read).ShouldBe(EntryJson.Write(payload));
        LongTextJson.References(stored.Json).Select(r => r.Field).ShouldBe(["text", "calls[0].arguments"]);
    }

    [Fact]
    public void Without_its_texts_an_entry_has_their_beginnings()
    {
        var stored = StoredPayload.Of(new RunCompleted(Long));
        var read = (RunCompleted)EntryJson.Read("completed", LongTextJson.Fill(stored.Json, texts: null));
        read.Output.ShouldBe(LongTextJson.Head(Long));
        read.Output.Length.ShouldBeLessThanOrEqualTo(LongTextJson.HeadLength + 1);
    }

    [Fact]
    public void A_text_that_looks_like_a_reference_is_none() =>
        LongTextJson.HasReferences(StoredPayload.Of(new RunCompleted("""{"$long": {"hash": "00", "bytes": 1, "head": ""}}""")).Json).ShouldBeFalse();

    [Fact]
    public void A_missing_text_is_an_error_and_not_an_empty_one() =>
        Should.Throw<InvalidOperationException>(() => LongTextJson.Fill(StoredPayload.Of(new RunCompleted(Long)).Json, new Dictionary<string, string>()));

    private static ModelAnswered Answer(string text, RequestedCall[] calls) => new(text, calls, "tool_calls", "m", "p", "h", Reasoning: null);
}
