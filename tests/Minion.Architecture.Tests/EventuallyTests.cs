namespace Minion.Architecture.Tests;

/// <summary>How the tests wait.</summary>
public sealed class EventuallyTests
{
    private static readonly TimeSpan NoPatience = TimeSpan.FromTicks(1);

    [Fact]
    public async Task What_comes_later_is_waited_for()
    {
        var looks = 0;

        (await Eventually.BecomesAsync(() => ++looks, n => n == 3)).ShouldBe(3);
        await Eventually.HoldsAsync(() => ++looks > 5);

        looks.ShouldBe(6);
    }

    [Fact]
    public async Task What_does_not_come_is_named_with_what_is_there_instead()
    {
        var late = await Should.ThrowAsync<TimeoutException>(() => Eventually.BecomesAsync(() => new[] { 1, 2 }, n => n.Length == 3, "three", NoPatience));
        late.Message.ShouldBe("Waited 0 s for: three; last seen: [1, 2]");

        var looks = 0;
        (await Should.ThrowAsync<TimeoutException>(() => Eventually.HoldsAsync(() => ++looks < 0, () => $"less after {looks}", NoPatience))).Message.ShouldBe("Waited 0 s for: less after 1");
        (await Should.ThrowAsync<TimeoutException>(() => Eventually.HoldsAsync(() => looks < 0, patience: NoPatience))).Message.ShouldEndWith("for: () => looks < 0");
    }

    [Fact]
    public async Task A_look_that_never_ends_does_not_hang_the_test()
    {
        var late = await Should.ThrowAsync<TimeoutException>(
            () => Eventually.HoldsAsync(() => new TaskCompletionSource<bool>().Task, "an answer", patience: TimeSpan.FromMilliseconds(1)));

        late.Message.ShouldContain("an answer; the last look did not end");
    }

    [Fact]
    public async Task Only_the_exceptions_that_mean_not_yet_are_passed_over()
    {
        var looks = 0;
        await Eventually.HoldsAsync(LookAsync, passing: e => e is IOException);
        looks.ShouldBe(3);
        looks = 0;
        (await Should.ThrowAsync<IOException>(() => Eventually.HoldsAsync(LookAsync))).Message.ShouldBe("look 1");
        looks = 0;
        (await Should.ThrowAsync<TimeoutException>(() => Eventually.HoldsAsync(LookAsync, "peace", e => e is IOException, NoPatience))).Message
            .ShouldEndWith("for: peace; last seen: IOException: look 1");

        async Task<bool> LookAsync() => ++looks < 3 ? throw new IOException($"look {looks}") : true;
    }
}
