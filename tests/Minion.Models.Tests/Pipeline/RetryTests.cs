using Microsoft.Extensions.AI;
using Minion.Models.Tests.Providers.OpenAiCompatible;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Pipeline;

public sealed class RetryTests() : EndpointFixture(retries: 4)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_may_succeed_later_is_tried_again_with_growing_waits(bool streamed)
    {
        Endpoint.Then(Replies.ServerError(), Replies.CutOffAfter(1, new FakeAnswer()), Replies.EmptyChoices(), Replies.RateLimited(), Replies.Text("At last."));
        var answer = AskAsync(streamed);

        foreach (var longest in new[] { 2, 4, 8, 16 })
        {
            var wait = await Time.WaitForTimerAsync(due => due <= TimeSpan.FromSeconds(longest) && due >= TimeSpan.FromSeconds(longest / 2.0));
            Time.Advance(wait);
        }

        (await answer).Text.ShouldBe("At last.");
        Endpoint.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("Sat, 31 Jan 2026 14:05:07 GMT")]
    public async Task What_the_endpoint_asks_to_wait_is_waited_exactly(string retryAfter)
    {
        Endpoint.Then(Replies.Error(429, "Slow down.", retryAfter: retryAfter), Replies.Text("Now."));
        var answer = AskAsync(streamed: true);

        Time.Advance(await Time.WaitForTimerAsync(due => due == TimeSpan.FromSeconds(7)));

        (await answer).Text.ShouldBe("Now.");
    }

    [Fact]
    public async Task After_the_last_attempt_the_error_says_how_many_there_were()
    {
        Endpoint.Otherwise = Replies.ServerError();
        var failure = FailAsync(streamed: true);

        for (var i = 0; i < 4; i++)
        {
            Time.Advance(await Time.WaitForTimerAsync(due => due <= TimeSpan.FromSeconds(16)));
        }

        var error = await failure;
        error.Kind.ShouldBe(ModelErrorKind.Unavailable);
        error.Message.ShouldEndWith("(5 attempts)");
        Endpoint.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task What_fails_the_same_way_again_is_not_tried_again(int status)
    {
        Endpoint.Then(Replies.Error(status, "No."));

        await FailAsync(streamed: true);

        Endpoint.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_tried_again_once_a_part_of_the_answer_was_given_on()
    {
        Endpoint.Then(Replies.CutOffAfter(2, new FakeAnswer { Text = "one two" }), Replies.Text("one two"));

        (await FailAsync(streamed: true)).Kind.ShouldBe(ModelErrorKind.Unavailable);

        Endpoint.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task No_wait_is_begun_that_would_outlast_the_deadline()
    {
        Endpoint.Otherwise = Replies.RateLimited(retryAfterSeconds: 31);
        var client = Client(deadline: Time.GetUtcNow().AddSeconds(30));

        var error = await Should.ThrowAsync<ModelException>(() => client.GetResponseAsync("hi").WaitAsync(Eventually.Patience));

        error.Kind.ShouldBe(ModelErrorKind.RateLimited);
        error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(31));
        Endpoint.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_wait_ends_when_the_caller_cancels()
    {
        Endpoint.Otherwise = Replies.ServerError();
        using var cancel = new CancellationTokenSource();
        var answer = Client().GetResponseAsync("hi", cancellationToken: cancel.Token);
        await Time.WaitForTimerAsync(due => due <= TimeSpan.FromSeconds(2));

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answer);
        Endpoint.Requests.Count.ShouldBe(1);
    }
}
