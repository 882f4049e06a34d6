using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Inbox;
using Minion.Cli.Verbs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Inbox;

public sealed class InboxOutputTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_row_says_what_waits_for_whom_since_when_and_until_when() =>
        InboxOutput.Row(Item(), Now).ShouldBe(["0000abcd", "approval", "notary", "notes_add {\"text\":\"x\"}", "ops", "2 h", "in 46 h"]);

    [Fact]
    public void An_item_is_shown_with_how_to_answer_it()
    {
        using var terminal = new TestTerminal();
        InboxOutput.Show(terminal.Terminal, Item());

        terminal.Out.ShouldContain("then escalate to lead");
        terminal.Out.ShouldContain("minion inbox answer 0000abcd approve|deny [--text \"…\"] [--arguments '{…}']");
    }

    [Theory]
    [InlineData("approve", "approve")]
    [InlineData("D", "deny")]
    [InlineData("perhaps", "perhaps")]
    [InlineData(null, "")]
    public void A_choice_may_be_cut_and_what_is_none_is_left_to_the_server(string? word, string choice) =>
        InboxAnswerVerb.Read(Item(), word, "because").ShouldBe((choice, "because"));

    [Theory]
    [InlineData("Berlin", null, "Berlin")]
    [InlineData(null, "Berlin", "Berlin")]
    public void The_answer_to_an_open_question_is_text(string? word, string? text, string answer) =>
        InboxAnswerVerb.Read(new InboxItem { Kind = InboxKind.Question }, word, text).ShouldBe(("", answer));

    private static InboxItem Item() => new()
    {
        Id = "019b0000-0000-7000-8000-00000000abcd",
        Kind = InboxKind.Approval,
        Status = InboxStatus.Open,
        Agent = "notary",
        RunId = "r1",
        Tool = "notes_add",
        Arguments = """{"text":"x"}""",
        Text = "May it?",
        Choices = { "approve", "deny" },
        Assignee = "ops",
        AskedAt = Timestamp.FromDateTimeOffset(Now.AddHours(-2)),
        DueAt = Timestamp.FromDateTimeOffset(Now.AddHours(46)),
        OnTimeout = "escalate",
        EscalateTo = "lead",
    };
}
