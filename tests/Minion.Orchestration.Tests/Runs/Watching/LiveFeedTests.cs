using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;
using Minion.Orchestration.Runs.Watching.Remote;

namespace Minion.Orchestration.Tests.Runs.Watching;

/// <summary>What watchers take from a feed, at their own pace.</summary>
public sealed class LiveFeedTests
{
    private static readonly CallPosition One = new(1, 0, 1, 1);
    private readonly LiveFeed _feed = new();

    [Fact]
    public void Text_comes_once_in_order_and_before_its_entry()
    {
        using var reader = _feed.Join();
        _feed.Begin(One);
        _feed.Delta("one ");
        Texts(reader).ShouldBe(["one "]);
        _feed.Delta("two ");
        _feed.Delta("three");
        _feed.Committed([Answer(1, 1)]);

        Texts(reader).ShouldBe(["two three"]);
        reader.Told.ShouldBe(1);
    }

    [Fact]
    public void Who_joins_in_the_middle_has_the_text_from_its_start_and_who_was_cut_from_there()
    {
        _feed.Begin(One);
        _feed.Delta("one two");
        using var late = _feed.Join();
        using var cut = _feed.Join();
        cut.StartAt(One, text: 4, reasoning: 0, calls: 0);

        Texts(late).ShouldBe(["one two"]);
        Texts(cut).ShouldBe(["two"]);
    }

    [Fact]
    public void A_later_attempt_begins_at_its_start()
    {
        using var reader = _feed.Join();
        _feed.Begin(One);
        _feed.Delta("one");
        Texts(reader).ShouldBe(["one"]);
        _feed.Begin(One with { Attempt = 2 });
        _feed.Delta("uno");

        var delta = reader.Take().ShouldBeOfType<LiveDelta>();
        (delta.Position.Attempt, delta.Offset, delta.Text).ShouldBe((2, 0, "uno"));
    }

    [Fact]
    public void Text_of_an_answer_that_was_read_from_the_journal_is_not_shown()
    {
        using var reader = _feed.Join();
        _feed.Begin(One);
        _feed.Delta("one");
        reader.HasTold(Answer(1, 1));

        reader.Take().ShouldBeNull();
    }

    [Fact]
    public void Fifty_megabytes_leave_nothing_behind_for_a_watcher_that_does_not_read()
    {
        using var reader = _feed.Join();
        var piece = new string('x', 10_000);
        for (var step = 1; step <= 500; step++)
        {
            _feed.Begin(new CallPosition(step, 0, 1, 1));
            for (var i = 0; i < 10; i++)
            {
                _feed.Delta(piece);
            }

            _feed.Committed([Answer(step, step)]);
        }

        _feed.KeptEntries.ShouldBe(LiveFeed.MostEntries);
        reader.Take().ShouldBeOfType<LiveBehind>();
        reader.StartAfter(499);
        Texts(reader).Sum(t => t.Length).ShouldBe(100_000);
        reader.Told.ShouldBe(500);
    }

    [Fact]
    public void A_piece_never_ends_in_half_of_a_character()
    {
        using var reader = _feed.Join();
        _feed.Begin(One);
        _feed.Delta("x" + string.Concat(Enumerable.Repeat("😀", LiveFeed.MostCharacters)));

        Texts(reader).ShouldAllBe(t => !char.IsHighSurrogate(t.Last()));
    }

    [Fact]
    public void What_another_process_sends_is_the_same_whatever_is_lost_and_asked_for_again()
    {
        var random = new Random(7);
        var there = new LiveFeed();
        using var reader = there.Join();
        var shown = "";
        _feed.Begin(One);
        for (var i = 0; i < 300; i++)
        {
            _feed.Delta($"w{i} ");
            if (_feed.TakeUnsent("a") is { } part && random.Next(3) > 0)
            {
                there.Receive(part);
                if (there.HasGap)
                {
                    _feed.SendAgain();
                }
            }

            shown += string.Concat(Texts(reader));
        }

        _feed.Call(new RequestedCall(0, "c", "tool", "{}"));
        _feed.Committed([Answer(1, 1)]);
        _feed.SendAgain();
        while (_feed.TakeUnsent("a") is { } part)
        {
            there.Receive(part);
        }

        shown += string.Concat(Texts(reader));
        shown.ShouldBe(string.Concat(Enumerable.Range(0, 300).Select(i => $"w{i} ")));
        reader.Calls.ShouldBe(1);
        reader.Take().ShouldBeOfType<LiveBehind>();
    }

    [Fact]
    public void A_message_of_another_process_is_read_back_as_it_was()
    {
        _feed.Begin(One, "plan");
        _feed.Delta("think", DeltaKind.Reasoning);
        _feed.Delta("say");
        _feed.Call(new RequestedCall(0, "c", "tool", "{}"));
        var part = _feed.TakeUnsent("a")!;

        var read = RemoteJson.ReadPart(RemoteJson.Write(part))!;

        (read.Position, read.Text, read.Reasoning, read.Purpose, read.Calls!.Single().Tool).ShouldBe((One, "say", "think", "plan", "tool"));
    }

    [Fact]
    public void What_tools_say_comes_between_the_entries_before_and_after_it()
    {
        using var reader = _feed.Join();
        using var slow = _feed.Join();
        _feed.Committed([Answer(1, 1)]);
        _feed.Output(Says("one"));
        Outputs(reader).ShouldBe(["1", "one"]);
        _feed.Output(Says("two"));
        _feed.Committed([Answer(2, 2)]);
        _feed.Output(Says("three"));

        Outputs(reader).ShouldBe(["two", "2", "three"]);
        Outputs(slow).ShouldBe(["1", "2", "three"]);
        using var late = _feed.Join();
        late.StartAfter(2);
        late.StartAt(new OutputPosition(1, 2));
        Outputs(late).ShouldBe(["three"]);
        late.StartAt(new OutputPosition(1, 3));
        Outputs(late).ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_newest_of_what_tools_say_is_kept()
    {
        using var reader = _feed.Join();
        for (var i = 0; i < 1_000; i++)
        {
            _feed.Output(Says($"{i}"));
        }

        Outputs(reader).ShouldBe(Enumerable.Range(1_000 - ToolOutputs.MostPieces, ToolOutputs.MostPieces).Select(i => $"{i}"));
        for (var i = 0; i < 10; i++)
        {
            _feed.Output(Says(new string('x', ToolOutputs.MostCharacters / 3)));
        }

        Outputs(reader).Count.ShouldBe(3);
    }

    [Fact]
    public void What_tools_say_reaches_watchers_of_other_processes_once()
    {
        var there = new LiveFeed();
        using var reader = there.Join();
        for (var i = 0; i < 3; i++)
        {
            _feed.Output(Says($"{i}"));
            var part = RemoteJson.ReadPart(RemoteJson.Write(_feed.TakeUnsent("a")!))!;
            there.Receive(part);
            there.Receive(part);
        }

        _feed.SendAgain();
        there.Receive(_feed.TakeUnsent("a")!);

        Outputs(reader).ShouldBe(["0", "1", "2"]);
        _feed.TakeUnsent("a").ShouldBeNull();
    }

    private static LiveOutput Says(string text) => new(new OutputPosition(1, 0), 0, 1, 0, "tool", text);

    private static List<string> Outputs(LiveReader reader)
    {
        var texts = new List<string>();
        while (reader.Take() is { } part and not LiveBehind)
        {
            texts.AddRange(part is LiveOutput output ? [output.Text] : ((LiveEntries)part).Entries.Select(e => $"{e.Seq}"));
        }

        return texts;
    }

    private static List<string> Texts(LiveReader reader)
    {
        var texts = new List<string>();
        while (reader.Take() is { } part and not LiveBehind)
        {
            texts.AddRange(part is LiveDelta delta ? [delta.Text] : []);
        }

        return texts;
    }

    private static Entry Answer(long seq, int step) => new(
        seq, step, 0, 1, new ModelAnswered("", [], "stop", "m", "p", "h", Reasoning: null), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
