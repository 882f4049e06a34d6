using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.History;

public sealed class JournalDifferenceTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    [Fact]
    public void The_order_in_which_calls_of_one_step_ended_is_no_difference()
    {
        Entry[] one = [Returned(2, 0, "a"), Returned(2, 1, "b"), Returned(4, 0, "c")];
        Entry[] other = [Returned(2, 1, "b"), Returned(2, 0, "a"), Returned(4, 0, "c")];

        JournalDifference.Common(JournalDifference.InOrder(one), JournalDifference.InOrder(other)).ShouldBe(3);
    }

    [Fact]
    public void What_a_call_returned_is()
    {
        Entry[] one = [Returned(2, 0, "a"), Returned(2, 1, "b")];
        Entry[] other = [Returned(2, 1, "x"), Returned(2, 0, "a")];

        JournalDifference.Common(JournalDifference.InOrder(one), JournalDifference.InOrder(other)).ShouldBe(1);
    }

    private static Entry Returned(int step, int call, string result) =>
        new(0, step, call, 1, new CallReturned("t", $"\"{result}\"", null), At, At);
}
