using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Runs;

public sealed class JournalLinesTests
{
    public static TheoryData<string, Entry> Table => new()
    {
        { "context|no messages before", new Entry { Context = new ContextEntry() } },
        { "context|no messages before; 2,000 characters of provided context", new Entry { Context = new ContextEntry { Provided = new string('x', 2000) } } },
        { "context|no messages before; NOT provided: documentation 'x': There is none.", new Entry { Context = new ContextEntry { NotProvided = { "documentation 'x': There is none." } } } },
        { "context|messages 2 to 5 of the session", new Entry { Context = new ContextEntry { FirstMessage = 2, LastMessage = 5 } } },
        { "model|Hello.", Entries.Says(1, "Hello.") },
        { "model|calls time {}, time {\"place\":\"Oslo\"}", Entries.Calls(1, ("time", "{}"), ("time", "{\"place\":\"Oslo\"}")) },
        { "model|plan: one, two", new Entry { Model = new ModelEntry { Purpose = "plan", Text = "one, two" } } },
        {
            "model|summary of the messages 1 to 6: They greeted.",
            new Entry { Model = new ModelEntry { Purpose = "summary", Text = "They greeted.", Summarised = new MessageRange { First = 1, Last = 6 } } }
        },
        { "intent|notes_add {}", new Entry { Intent = new IntentEntry { Tool = "notes_add", Arguments = "{}" } } },
        { "tool|time = {\"time\":\"14:05\"}", Entries.Result(2, 0, "time", "{\"time\":\"14:05\"}") },
        { "tool|time failed: no such place", Entries.Fails(2, 0, "time", "no such place") },
        { "attempt failed|timed out", new Entry { AttemptFailed = new AttemptFailedEntry { Message = "timed out" } } },
        { "question|Was it done?", new Entry { Question = new QuestionEntry { Question = new Question { Text = "Was it done?" } } } },
        { "signal|answer done (from user:ada)", new Entry { Signal = new SignalEntry { Kind = "answer", Choice = "done", Principal = "user:ada" } } },
        { "question|approve notes_add {}?", new Entry { Question = new QuestionEntry { Question = new Question { Kind = "approval", Tool = "notes_add", Arguments = "{}" } } } },
        {
            "input|transfer needs an approval (amount > 100): It is much.",
            new Entry { Input = new InputEntry { Tool = "transfer", Needs = { new InputNeed { Kind = "approval", Rule = "amount > 100", Text = "It is much." } } } }
        },
        { "model|for search: Yes.", new Entry { InputModel = new InputModelEntry { Tool = "search", Text = "Yes." } } },
        { "expired|nobody answered in time: deny", new Entry { Expired = new ExpiredEntry { Outcome = "deny" } } },
        { "expired|nobody answered in time: escalated to lead", new Entry { Expired = new ExpiredEntry { Outcome = "escalate", Assignee = "lead" } } },
        { "child started|writer (draft): write", new Entry { ChildStarted = new ChildStartedEntry { Agent = "writer", Label = "draft", Input = "write" } } },
        { "child|writer completed: text", new Entry { Child = new ChildEntry { Agent = "writer", Label = "writer", Status = RunStatus.Completed, Output = "text" } } },
        { "child|writer (draft) failed: no", new Entry { Child = new ChildEntry { Agent = "writer", Label = "draft", Status = RunStatus.Failed, Failure = new ToolFailure { Message = "no" } } } },
        { "time|the time has come", new Entry { Time = new TimeEntry() } },
        { "completed|42", Entries.Completed("42") },
        { "failed|too many steps", new Entry { Failed = new FailedEntry { Error = new RunError { Message = "too many steps" } } } },
        { "cancelled|enough (user:ada)", new Entry { Cancelled = new CancelledEntry { Reason = "enough", Principal = "user:ada" } } },
        { "other|", new Entry() },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_is_a_kind_and_a_line(string expected, Entry entry)
    {
        var (kind, text) = JournalLines.Describe(entry);

        $"{kind}|{text}".ShouldBe(expected);
    }

    [Fact]
    public void Every_kind_of_entry_has_a_line_of_its_own()
    {
        var described = Table.Select(row => row.Data.Item2.KindCase).ToHashSet();

        System.Enum.GetValues<Entry.KindOneofCase>().ShouldBeSubsetOf(described);
    }

    [Fact]
    public void A_line_has_the_place_and_the_time()
    {
        var entry = Entries.Completed("done");
        (entry.Seq, entry.Step) = (12, 3);
        entry.StartedAt = new Timestamp { Seconds = 1 };
        entry.EndedAt = new Timestamp { Seconds = 3 };

        JournalLines.Line(entry).ShouldBe("  12  step 3    completed       done  2 s");
    }
}
