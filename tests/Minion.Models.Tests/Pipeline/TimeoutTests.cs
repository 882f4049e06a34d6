using Microsoft.Extensions.AI;
using Minion.Models.Tests.Providers.OpenAiCompatible;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Pipeline;

public sealed class TimeoutTests : EndpointFixture
{
    private static readonly TimeSpan Total = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private ModelDefinition Impatient => Model() with { Timeout = Total, IdleTimeout = Idle };

    [Fact]
    public async Task An_endpoint_that_says_nothing_is_given_up_after_the_idle_timeout()
    {
        Endpoint.Then(Replies.HangBeforeFirstByte());
        var failure = FailAsync(streamed: true, Impatient);

        Time.Advance(await Time.WaitForTimerAsync(due => due == Idle));

        var error = await failure;
        error.Kind.ShouldBe(ModelErrorKind.TimedOut);
        error.Message.ShouldContain("did not begin to answer for 10 s");
    }

    [Fact]
    public async Task An_endpoint_that_falls_silent_in_the_middle_is_given_up_after_the_idle_timeout()
    {
        Endpoint.Then(Replies.HangAfter(3, "one two three"));
        await using var updates = Client(Impatient).GetStreamingResponseAsync("hi").GetAsyncEnumerator();
        (await updates.MoveNextAsync()).ShouldBeTrue();
        (await updates.MoveNextAsync()).ShouldBeTrue();
        var next = updates.MoveNextAsync().AsTask();

        Time.Advance(await Time.WaitForTimerAsync(due => due == Idle));

        var error = await Should.ThrowAsync<ModelException>(() => next);
        error.Kind.ShouldBe(ModelErrorKind.TimedOut);
        error.Message.ShouldContain("in the middle of its answer");
    }

    [Fact]
    public async Task The_callers_own_pauses_are_not_the_endpoints_silence()
    {
        Endpoint.Then(Replies.Text("one two three"));
        var text = "";

        await foreach (var update in Client(Impatient).GetStreamingResponseAsync("hi"))
        {
            text += update.Text;
            Time.Advance(Idle * 1.5);
        }

        text.ShouldBe("one two three");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_ends_after_the_total_timeout_however_busy_it_is(bool streamed)
    {
        Endpoint.Then(Replies.HangBeforeFirstByte());
        var failure = FailAsync(streamed, Impatient with { IdleTimeout = TimeSpan.FromHours(1) });

        Time.Advance(await Time.WaitForTimerAsync(due => due == Total));

        var error = await failure;
        error.Kind.ShouldBe(ModelErrorKind.TimedOut);
        error.Message.ShouldContain("did not finish within 100 s");
    }

    [Fact]
    public async Task The_callers_deadline_ends_a_call_before_its_timeout()
    {
        Endpoint.Then(Replies.HangBeforeFirstByte());
        var client = Client(Impatient, deadline: Time.GetUtcNow().AddSeconds(3));
        var answer = client.GetResponseAsync("hi");

        Time.Advance(await Time.WaitForTimerAsync(due => due == TimeSpan.FromSeconds(3)));

        var error = await Should.ThrowAsync<ModelException>(() => answer);
        error.Kind.ShouldBe(ModelErrorKind.TimedOut);
        error.Message.ShouldContain("deadline");
    }
}
