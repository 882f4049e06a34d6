using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;

namespace Minion.Orchestration.Tests.Runs.Watching;

/// <summary>Which deltas a watcher is shown, whatever arrives and in whatever order.</summary>
public sealed class DeltaOrderTests
{
    private readonly DeltaOrder _order = new();

    [Fact]
    public void Text_is_shown_once_in_order()
    {
        Shown(Delta(0, "one ")).ShouldBe("one ");
        Shown(Delta(4, "two ")).ShouldBe("two ");
        Shown(Delta(0, "one two ")).ShouldBeNull();
        Shown(Delta(0, "one two three")).ShouldBe("three");
    }

    [Fact]
    public void A_gap_is_noticed_and_filled_from_the_start()
    {
        Shown(Delta(0, "one ")).ShouldBe("one ");
        Shown(Delta(8, "three")).ShouldBeNull();
        _order.HasGap.ShouldBeTrue();
        Shown(Delta(0, "one two three")).ShouldBe("two three");
        _order.HasGap.ShouldBeFalse();
    }

    [Fact]
    public void A_later_attempt_begins_at_its_start_and_the_earlier_one_is_over()
    {
        Shown(Delta(0, "one ")).ShouldBe("one ");
        Shown(Delta(4, "zwei", epoch: 2)).ShouldBeNull();
        _order.HasGap.ShouldBeTrue();
        Shown(Delta(0, "eins zwei", epoch: 2)).ShouldBe("eins zwei");
        Shown(Delta(4, "two")).ShouldBeNull();
        _order.HasGap.ShouldBeFalse();
        Shown(Delta(0, "uno", epoch: 2, attempt: 2)).ShouldBe("uno");
    }

    [Fact]
    public void Text_of_an_answer_that_is_in_the_journal_is_not_shown_any_more()
    {
        Shown(Delta(0, "one ")).ShouldBe("one ");
        var now = DateTimeOffset.UnixEpoch;
        _order.Told(new Entry(2, 1, 0, 1, new ModelAnswered("one two", [], "stop", "m", "p", "h", Reasoning: null), now, now));
        Shown(Delta(4, "two")).ShouldBeNull();
        Shown(Delta(9, "x")).ShouldBeNull();
        _order.HasGap.ShouldBeFalse();
        Shown(Delta(0, "next", step: 3)).ShouldBe("next");
    }

    private static LiveDelta Delta(int offset, string text, int step = 1, long epoch = 1, int attempt = 1) =>
        new(new CallPosition(step, 0, epoch, attempt), offset, text);

    private string? Shown(LiveDelta delta) => _order.Take(delta)?.Text;
}
