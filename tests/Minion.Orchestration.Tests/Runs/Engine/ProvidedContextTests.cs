using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Runs.Engine;

/// <summary>What runs are told beside their agent's instructions.</summary>
public sealed class ProvidedContextTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private readonly DirectoryInfo _handbook = Directory.CreateTempSubdirectory("minion-handbook-");
    private EngineHost _host = null!;
    private FakeOpenAi _model = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_handbook.FullName, "refunds.md"), "# Refunds\n\nRefunds take five days.\n");
        _host = await EngineHost.StartAsync(
            database.Database, new Dictionary<string, string?> { ["Tools:Context:Folders:handbook"] = _handbook.FullName, ["Engine:Lease"] = "00:00:10" });
        _model = await FakeOpenAi.StartAsync();
        _model.Otherwise = Replies.Text("answer");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _model.DisposeAsync();
        _handbook.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_in_the_prompt_and_in_the_journal_and_a_replay_has_the_same_prompts_later()
    {
        var agent = await _host.PatientAgentAsync(_model.Url);
        var definition = (await _host.Agents.GetAgentAsync(new GetAgentRequest { Name = agent })).Agent.Definition;
        definition.Context = new ContextSettings
        {
            Providers = { new ContextProvider { Documentation = new DocumentationContext { Folder = "handbook" } }, new ContextProvider { Environment = new EnvironmentContext() } },
        };
        await _host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition });

        var run = (await _host.StartAsync(agent, "How long do refunds take?")).Id;
        await _host.UntilAsync(run, RunStatus.Completed);

        var context = (await _host.EntriesAsync(run)).Single(e => e.Context is not null).Context;
        context.Provided.ShouldContain("Refunds take five days.");
        _model.Requests[0].Body.GetRawText().ShouldContain("Refunds take five days.");

        await File.WriteAllTextAsync(Path.Combine(_handbook.FullName, "refunds.md"), "# Refunds\n\nRefunds take six days.\n");
        var replay = await _host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run });
        (replay.Same, replay.Prompts).ShouldBe((true, 1));
    }

    [Fact]
    public async Task What_it_should_have_been_told_and_was_not_is_in_the_journal()
    {
        var agent = await _host.PatientAgentAsync(_model.Url);
        var definition = (await _host.Agents.GetAgentAsync(new GetAgentRequest { Name = agent })).Agent.Definition;
        definition.Context = new ContextSettings
        {
            Providers = { new ContextProvider { Documentation = new DocumentationContext { Folder = "handbok" } }, new ContextProvider { Environment = new EnvironmentContext() } },
        };
        await _host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition });

        var run = (await _host.StartAsync(agent, "How long do refunds take?")).Id;
        await _host.UntilAsync(run, RunStatus.Completed);

        var context = (await _host.EntriesAsync(run)).Single(e => e.Context is not null).Context;
        context.NotProvided.ShouldHaveSingleItem().ShouldStartWith("documentation 'handbok': The server's settings open no folder 'handbok'");
        context.Provided.ShouldContain("Date: ");
    }
}
