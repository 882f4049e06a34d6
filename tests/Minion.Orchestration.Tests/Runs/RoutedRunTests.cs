using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Runs;

public sealed class RoutedRunTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;
    private FakeOpenAi _first = null!;
    private FakeOpenAi _second = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(database.Database);
        (_first, _second) = (await FakeOpenAi.StartAsync(), await FakeOpenAi.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_run_goes_on_with_another_model_and_its_journal_says_which_one_answered_and_why()
    {
        _first.Then(Replies.ToolCalls(1, new FakeToolCall("c1", "calculator", """{"expression": "6 * 7"}""")));
        _first.Otherwise = Replies.ServerError();
        _second.Otherwise = Replies.Text("It is 42.");
        var names = new[] { "first", "second", "smart" }.Select(n => $"{n}-{Guid.CreateVersion7():N}").ToArray();
        await _host.ModelAsync(names[0], Model(names[0], _first));
        await _host.ModelAsync(names[1], Model(names[1], _second));
        await _host.ModelAsync(names[2], new ModelDefinition
        {
            Name = names[2],
            Provider = "router",
            Route = new RouteDefinition { Candidates = [names[1], names[0]], Rules = [new() { MinTools = 1, Use = names[0] }] },
        });
        await _host.Agents.CreateAgentAsync(new CreateAgentRequest
        {
            Definition = new AgentDefinition { Name = names[2], Model = names[2], Behaviour = "react", Instructions = "You are a test.", Tools = { "calculator" } },
        });

        var run = await _host.UntilAsync((await _host.StartAsync(names[2], "hello")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldBe("It is 42.", run.Error?.Message);
        var answers = (await _host.EntriesAsync(run.Id)).Where(e => e.KindCase == Entry.KindOneofCase.Model).Select(e => e.Model).ToList();
        answers.Select(a => (a.Route.Requested, a.Route.Model, a.Provider)).ShouldBe([(names[2], names[0], "openai-compatible"), (names[2], names[1], "openai-compatible")]);
        answers[0].Route.Reason.ShouldContain($"rule 1 asks {names[0]} first");
        answers[0].Route.Tried.ShouldBeEmpty();
        answers[1].Route.Tried.ShouldBe([$"{names[0]} (UNAVAILABLE)"]);
        answers[1].Route.Degraded.ShouldBe("provider");
        answers[1].Route.HasDifficulty.ShouldBeTrue();
    }

    private static ModelDefinition Model(string name, FakeOpenAi endpoint) =>
        new() { Name = name, Provider = "openai-compatible", Model = "m", Url = endpoint.Url, IdleTimeout = TimeSpan.FromMinutes(2) };
}
