using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Conformance.Models;
using Minion.Models.Pipeline;
using Minion.Models.Resilience;

namespace Minion.Models.Tests.Resilience;

public sealed class BulkheadTests
{
    private readonly TaskCompletionSource _release = new();
    private int _begun;

    [Fact]
    public async Task What_does_not_fit_waits_its_turn_and_other_endpoints_go_on()
    {
        var bulkhead = new Bulkhead(new ResilienceOptions { MaxConcurrent = 1, MaxWaiting = 1 });
        var first = AskAsync(bulkhead, Request("http://localhost:1"));

        var waiting = AskAsync(bulkhead, Request("http://localhost:1"));
        var elsewhere = AskAsync(bulkhead, Request("http://localhost:2"));

        _begun.ShouldBe(2, "the first one, and the one elsewhere");
        waiting.IsCompleted.ShouldBeFalse();
        _release.SetResult();
        (await Task.WhenAll(first, waiting, elsewhere)).ShouldBe(["x", "x", "x"]);
    }

    [Fact]
    public async Task More_than_may_wait_are_refused_with_what_to_do()
    {
        var bulkhead = new Bulkhead(new ResilienceOptions { MaxConcurrent = 1, MaxWaiting = 1 });
        Task<string>[] first = [AskAsync(bulkhead, Request("http://localhost:1")), AskAsync(bulkhead, Request("http://localhost:1"))];

        var refused = await Should.ThrowAsync<ModelException>(() => AskAsync(bulkhead, Request("http://localhost:1")));

        refused.Kind.ShouldBe(ModelErrorKind.RateLimited);
        refused.Hint.ShouldContain("Models:Resilience:MaxConcurrent");
        _release.SetResult();
        await Task.WhenAll(first);
        (await AskAsync(bulkhead, Request("http://localhost:1"))).ShouldBe("x");
    }

    [Fact]
    public async Task Where_another_candidate_is_left_nobody_waits()
    {
        var bulkhead = new Bulkhead(new ResilienceOptions { MaxConcurrent = 1, MaxWaiting = 10 });
        var first = AskAsync(bulkhead, Request("http://localhost:1"));

        await Should.ThrowAsync<ModelException>(() => AskAsync(bulkhead, Request("http://localhost:1") with { NextCandidate = TimeSpan.FromSeconds(1) }));

        _release.SetResult();
        await first;
    }

    [Fact]
    public async Task One_that_is_given_up_while_it_waits_leaves_its_place_to_others()
    {
        var bulkhead = new Bulkhead(new ResilienceOptions { MaxConcurrent = 1, MaxWaiting = 1 });
        using var patience = new CancellationTokenSource();
        var first = AskAsync(bulkhead, Request("http://localhost:1"));
        var givenUp = AskAsync(bulkhead, Request("http://localhost:1"), patience.Token);

        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givenUp);
        var next = AskAsync(bulkhead, Request("http://localhost:1"));

        _release.SetResult();
        (await Task.WhenAll(first, next)).ShouldBe(["x", "x"]);
    }

    private static ChatRequest Request(string url) => new(
        [new ChatMessage(ChatRole.User, "hi")], null, true,
        new ModelDefinition { Name = "m", Provider = "openai-compatible", Model = "m", Url = url }, ModelHost.Call, DateTimeOffset.MaxValue);

    private async Task<string> AskAsync(Bulkhead bulkhead, ChatRequest request, CancellationToken cancellationToken = default) =>
        (await bulkhead.InvokeAsync(request, AnswerAsync, cancellationToken).ToChatResponseAsync(cancellationToken)).Text;

    private async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _begun);
        await _release.Task.WaitAsync(cancellationToken);
        yield return new ChatResponseUpdate(ChatRole.Assistant, "x");
    }
}
