using System.Text.Json;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Journal;

public sealed class EntryJsonTests
{
    private static readonly EntryPayload[] Samples =
    [
        new ContextRecorded(1, 20, "abc"),
        new ModelAnswered("text", [new RequestedCall(0, "id", "tool", "{\"a\":1}")], "tool_calls", "m", "p", "h", "thinking"),
        new CallIntended("notes_add", "{}", "key", Repeatable: true),
        new CallReturned("tool", "{}", Failure: null),
        new CallReturned("tool", "{}", Failure: null) { Whole = new WholeResult("00ff", 50_000_000) },
        new CallReturned("tool", Result: null, new CallFailure("failed", "It broke.", "Try again.")),
        new AttemptFailed("model_unavailable", "gone"),
        new QuestionAsked("2.0.1", "?", ["done"], "tool", "{}"),
        new SignalReceived(3, "answer/2.0.1", "answer", "2.0.1", "done", "yes", "user:ada"),
        new ContextRecorded(0, 0, "abc") { EngineTools = ["run_agent"] },
        new ChildStarted(new Guid("01890000-0000-8000-8000-000000000001"), "writer", "draft", "write") { MaxTokens = 100, MaxCostUsd = 0.5m },
        new ChildEnded(new Guid("01890000-0000-8000-8000-000000000001"), "writer", "draft", ChildEnded.Completed, "text", Failure: null)
        {
            SignalSeq = 2, ModelCalls = 3, ToolCalls = 1,
        },
        new ChildEnded(Guid.Empty, "nobody", "x", ChildEnded.Failed, Output: null, new CallFailure("unknown_agent", "gone", "")),
        new TimeReached(),
        new QuestionExpired("2.0.1", "escalate", "lead", DateTimeOffset.UnixEpoch),
        new ModelAnswered("", [new RequestedCall(0, "id", "tool", "{}") { Approval = new ApprovalTerms("always", 60, "escalate", "ops", "lead") }], "tool_calls", "m", "p", "h", Reasoning: null),
        new QuestionAsked("2.0.0", "?", ["approve", "deny"], "tool", "{}")
        {
            Asks = QuestionAsked.Approval,
            Item = Guid.Empty,
            Assignee = "ops",
            DueAt = DateTimeOffset.UnixEpoch,
            OnTimeout = "escalate",
            EscalateTo = "lead",
        },
        new SignalReceived(3, "answer/x", "answer", "2.0.0", "approve", "yes", "user:ada") { Arguments = "{}" },
        new CallReturned("tool", "{}", Failure: null) { Untrusted = true, Repairs = [new CallRepair("/a", "a number was read from a text")] },
        new InputAsked(
            "tool",
            [
                new NeededInput("a") { Approval = new NeededApproval("Too much.", "amount > 100") { Assignee = "ops", TimeoutSeconds = 60, OnTimeout = "escalate", EscalateTo = "lead" } },
                new NeededInput("b") { Question = new NeededAnswer("Where?", "{}", "https://example.com") },
                new NeededInput("c")
                {
                    Model = new NeededModelCall([new NeededMessage("user", "Help.")]) { System = "Be brief.", MaxTokens = 10, Temperature = 0.5, Stop = ["."] },
                },
            ],
            "state"),
        new ModelHelped("tool", "c", "text", "end_turn", "m", "p", "h"),
        new RunCompleted("out"),
        new RunFailed("timed_out", "m", "h"),
        new RunCancelled("enough", "user:ada"),
    ];

    public static TheoryData<int> SampleNumbers => [.. Enumerable.Range(0, Samples.Length)];

    [Theory]
    [MemberData(nameof(SampleNumbers))]
    public void A_payload_is_read_as_it_was_written(int sample)
    {
        var payload = Samples[sample];
        var json = EntryJson.Write(payload);
        var read = EntryJson.Read(payload.Kind, json);
        EntryJson.Write(read).ShouldBe(json);
        JsonDocument.Parse(json).RootElement.GetProperty("v").GetInt32().ShouldBe(1);
        json.ShouldNotContain("Minion.");
    }

    [Fact]
    public void Every_kind_of_payload_is_covered() =>
        typeof(EntryPayload).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(EntryPayload))).ShouldBe(Samples.Select(s => s.GetType()).Distinct(), ignoreOrder: true);

    [Fact]
    public void An_entry_of_a_newer_release_is_refused_by_its_kind() =>
        Should.Throw<NotSupportedException>(() => EntryJson.Read("telepathy", "{}")).Message.ShouldContain("telepathy");

    [Theory]
    [InlineData("a\0b", "a\u2400b")]
    [InlineData("\\u0000 stays", "\\u0000 stays")]
    [InlineData("😀", "😀")]
    public void Text_is_stored_without_what_the_database_refuses(string text, string stored)
    {
        ((RunCompleted)EntryJson.Read("completed", EntryJson.Write(new RunCompleted(text)))).Output.ShouldBe(stored);
        StoredText.Clean(text).ShouldBe(stored);
    }

    [Fact]
    public void A_lone_surrogate_is_replaced() => StoredText.Clean("a" + (char)0xD800 + "b").ShouldBe("a\uFFFDb");
}
