using Microsoft.Extensions.AI;
using Minion.Models.Money;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Money;

public sealed class UsageTests(MoneyDatabase fixture) : IClassFixture<MoneyDatabase>
{
    // A day more on both sides: midnight may come at any time.
    private static readonly DateOnly Yesterday = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-1);
    private static readonly DateOnly Tomorrow = Yesterday.AddDays(2);

    [Fact]
    public async Task A_call_says_what_it_cost_and_is_accounted_by_agent_version_user_and_model()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(new FakeAnswer { Text = "x", InputTokens = 1000, OutputTokens = 100 });
        var host = await MoneyHost.StartAsync(fixture.Database);

        var answer = await host.AskAsync(MoneyHost.Model(fake.Url, 0.25m, 2m), MoneyHost.Call("account"));
        await host.DisposeAsync();

        answer.AdditionalProperties![AnswerProperties.CostUsd].ShouldBe("0.00045");
        await using var again = await MoneyHost.StartAsync(fixture.Database);
        foreach (var (group, key) in new[]
            { ("agent", "helper"), ("version", "helper@3"), ("user", "user:ada"), ("model", "openai-compatible/m"), ("tenant", "account"), ("kind", "chat") })
        {
            var row = (await again.Get<CostStore>().ByDayAsync("account", group, Yesterday, Tomorrow, "", "", "", 10, default)).ShouldHaveSingleItem();
            row.Key.ShouldBe(key);
            row.CostUsd.ShouldBe(0.00045m);
            (row.Calls, row.InputTokens, row.OutputTokens).ShouldBe((1L, 1000L, 100L));
        }

        (await again.Get<CostStore>().ByDayAsync("another", "agent", Yesterday, Tomorrow, "", "", "", 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Failed_attempts_are_rows_too_and_cost_nothing_before_the_answer_began()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Then(Replies.Error(400, "no"));
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        var run = Guid.CreateVersion7();

        await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url, 1), MoneyHost.Call("failed", run: run)));

        var row = (await Eventually.BecomesAsync(() => host.Get<CostStore>().ByRunAsync(
            "failed", DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), 10, default), r => r.Count > 0)).ShouldHaveSingleItem();
        row.Key.ShouldBe(run.ToString());
        (row.Calls, row.Failed, row.InputTokens, row.CostUsd).ShouldBe((1L, 1L, 0L, 0m));
    }

    [Fact]
    public async Task An_answer_that_is_given_up_in_the_middle_is_paid_for()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(new FakeAnswer { Text = new string('x', 4000), Pieces = 1000 });
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("cancelled", 1_000_000);

        await foreach (var _ in host.Get<ModelGateway>().GetChatClient(MoneyHost.Model(fake.Url, 1, maxOutput: 5000), MoneyHost.Call("cancelled")).GetStreamingResponseAsync("hi"))
        {
            break;
        }

        var row = (await Eventually.BecomesAsync(() => host.Get<CostStore>().ByDayAsync("cancelled", "agent", Yesterday, Tomorrow, "", "", "", 10, default), r => r.Count > 0))
            .ShouldHaveSingleItem();
        row.Failed.ShouldBe(1);
        row.CostUsd.ShouldBeGreaterThan(0);
        (await Eventually.BecomesAsync(() => host.StateAsync("cancelled"), s => s.Used > 0)).Used.ShouldBe(row.CostUsd);
    }

    [Fact]
    public async Task A_call_that_is_given_up_before_its_answer_began_pays_for_its_input()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.HangBeforeFirstByte();
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("unanswered", 1);
        using var cancel = new CancellationTokenSource();

        var call = host.AskAsync(MoneyHost.Model(fake.Url, 1000, 1, 10), MoneyHost.Call("unanswered"), cancel.Token);
        await Eventually.BecomesAsync(() => fake.Requests.Count, n => n == 1);
        (await host.StateAsync("unanswered")).Used.ShouldBe(0);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);

        var row = (await Eventually.BecomesAsync(() => host.Get<CostStore>().ByDayAsync("unanswered", "agent", Yesterday, Tomorrow, "", "", "", 10, default), r => r.Count > 0))
            .ShouldHaveSingleItem();
        (row.Failed, row.OutputTokens).ShouldBe((1, 0));
        row.InputTokens.ShouldBeGreaterThan(0);
        row.CostUsd.ShouldBe(row.InputTokens * 0.001m);
    }

    [Fact]
    public async Task A_call_that_is_given_up_before_it_was_sent_costs_nothing()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("unsent", 1, hard: false);

        await Should.ThrowAsync<OperationCanceledException>(
            () => host.AskAsync(MoneyHost.Model(fake.Url, 1000), MoneyHost.Call("unsent"), new CancellationToken(canceled: true)));

        await host.Get<ModelGateway>().GetChatClient(MoneyHost.Model(fake.Url, 0, 0), MoneyHost.Call("unsent")).GetResponseAsync("hi");
        var row = (await Eventually.BecomesAsync(() => host.Get<CostStore>().ByDayAsync("unsent", "agent", Yesterday, Tomorrow, "", "", "", 10, default), r => r.Count > 0))
            .ShouldHaveSingleItem();
        row.CostUsd.ShouldBe(0);
    }

    [Fact]
    public async Task Embeddings_are_reserved_for_and_accounted_too()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("embeddings", 1);
        var call = MoneyHost.Call("embeddings");

        await host.Get<ModelGateway>().GetEmbeddingGenerator(MoneyHost.Model(fake.Url, input: 10), call).GenerateAsync(["some text"]);

        var row = (await Eventually.BecomesAsync(() => host.Get<CostStore>().ByDayAsync("embeddings", "kind", Yesterday, Tomorrow, "", "", "", 10, default), r => r.Count > 0))
            .ShouldHaveSingleItem();
        row.Key.ShouldBe("embedding");
        row.CostUsd.ShouldBe(row.InputTokens * 0.00001m);
        row.InputTokens.ShouldBeGreaterThan(0);
        (await Should.ThrowAsync<ModelException>(() => host.Get<ModelGateway>().GetEmbeddingGenerator(MoneyHost.Model(fake.Url, input: 10_000_000), call).GenerateAsync(["some text"])))
            .Kind.ShouldBe(ModelErrorKind.OverBudget);
    }

    [Fact]
    public async Task A_webhook_is_posted_to_allowed_addresses_only_and_again_until_it_is_taken()
    {
        var received = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var hook = await Hook.StartAsync(body =>
        {
            received.Enqueue(body);
            return received.Count == 1 ? 500 : 204;
        });
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(new FakeAnswer { Text = "x", InputTokens = 0, OutputTokens = 1 });
        await using (var shut = await MoneyHost.StartAsync(fixture.Database))
        {
            await shut.SetAsync("webhook", 1, webhook: hook.Url);
            await shut.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("webhook"));
            await Eventually.BecomesAsync(() => shut.StateAsync("webhook"), s => s.Alerted == 100);
            await Should.ThrowAsync<HttpRequestException>(() => shut.Get<Webhooks>().PostAsync(new Uri(hook.Url), new StringContent("x"), default));
        }

        received.ShouldBeEmpty();
        await using var host = await MoneyHost.StartAsync(fixture.Database, ("Models:Costs:WebhookNetworks:0", "127.0.0.0/8"));
        await Eventually.BecomesAsync(() => received.Count(b => b.Contains("\"percent\":100")), n => n >= 1);
        received.ShouldAllBe(b => b.Contains("budget.alert") && b.Contains("\"tenant\":\"webhook\""));
    }

    [Fact]
    public async Task Tools_that_cost_something_count_for_the_same_budgets()
    {
        var file = Path.Combine(Path.GetTempPath(), $"tools-{Guid.NewGuid():n}.yaml");
        await File.WriteAllTextAsync(file, "tools: { search: 0.01 }");
        try
        {
            await using var host = await MoneyHost.StartAsync(fixture.Database, ("MINION_MODELS_FILE", file));
            await host.SetAsync("tools", 1);

            (await host.Get<ModelSpending>().RecordToolAsync(MoneyHost.Call("tools"), "search", TimeSpan.FromSeconds(1), true, default)).ShouldBe(0.01m);
            (await host.Get<ModelSpending>().RecordToolAsync(MoneyHost.Call("tools"), "free", TimeSpan.FromSeconds(1), true, default)).ShouldBe(0);

            (await Eventually.BecomesAsync(() => host.StateAsync("tools"), s => s.Used > 0)).Used.ShouldBe(0.01m);
            (await host.Get<CostStore>().ByDayAsync("tools", "tool", Yesterday, Tomorrow, "", "", "", 10, default)).ShouldHaveSingleItem().Key.ShouldBe("search");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
