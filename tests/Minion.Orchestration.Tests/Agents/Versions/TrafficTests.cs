using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Agents.Versions;

public sealed class TrafficTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Script = """{"rules":[],"otherwise":"hi"}""";

    [Fact]
    public async Task A_conversation_stays_with_its_version_also_when_the_shares_change()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await AgentAsync(host, versions: 3);
        await SplitAsync(host, agent, (1, 50), (2, 50));
        var sessions = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SessionAsync(host)));
        var began = new Dictionary<string, int>();
        foreach (var session in sessions)
        {
            began[session] = await VersionAsync(host, agent, session);
        }

        began.Values.Distinct().Order().ShouldBe([1, 2]);
        await SplitAsync(host, agent, (1, 0), (2, 0), (3, 100));
        foreach (var session in sessions)
        {
            (await VersionAsync(host, agent, session)).ShouldBe(began[session]);
        }

        (await VersionAsync(host, agent, await SessionAsync(host))).ShouldBe(3);
        await SplitAsync(host, agent, (2, 100));
        foreach (var session in sessions)
        {
            (await VersionAsync(host, agent, session)).ShouldBe(2);
        }
    }

    [Fact]
    public async Task A_request_that_is_repeated_has_its_version_and_one_that_names_a_version_gets_that()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await AgentAsync(host, versions: 2);
        await SplitAsync(host, agent, (1, 50), (2, 50));

        var first = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => host.StartAsync(agent, "hi", request: $"{agent}-{i}")));
        var again = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => host.StartAsync(agent, "hi", request: $"{agent}-{i}")));
        var pinned = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Runs.StartRunAsync(
            new StartRunRequest { Agent = agent, Input = "hi", AgentVersion = 1 }).ResponseAsync));

        first.Select(r => r.AgentVersion).Distinct().Count().ShouldBe(2);
        again.Select(r => (r.Id, r.AgentVersion)).ShouldBe(first.Select(r => (r.Id, r.AgentVersion)));
        pinned.ShouldAllBe(p => p.Run.AgentVersion == 1);
    }

    [Fact]
    public async Task An_older_version_becomes_the_current_one_without_a_copy_and_the_next_has_a_new_number()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await AgentAsync(host, versions: 3);
        await SplitAsync(host, agent, (2, 50), (3, 50));

        var activated = (await host.Agents.ActivateAgentVersionAsync(new ActivateAgentVersionRequest { Name = agent, Version = 1 })).Agent;
        activated.Version.ShouldBe(1);
        activated.Traffic.ShouldBeEmpty();
        (await VersionAsync(host, agent, "")).ShouldBe(1);
        var versions = await host.Agents.ListAgentVersionsAsync(new ListAgentVersionsRequest { Name = agent });
        versions.Versions.Select(v => v.Version).ShouldBe([3, 2, 1]);
        versions.CurrentVersion.ShouldBe(1);

        var definition = activated.Definition.Clone();
        definition.Description = "another";
        (await host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition })).Agent.Version.ShouldBe(4);
        (await VersionAsync(host, agent, "")).ShouldBe(4);
        var changes = (await host.Agents.ListAgentChangesAsync(new ListAgentChangesRequest { Name = agent })).Changes;
        changes.Select(c => $"{c.Kind} {c.Version} {c.Detail}").ShouldBe(
            ["version 4 after 1", "activated 1 instead of 3", "traffic 3 2=50 3=50", "version 3 after 2", "version 2 after 1", "created 1 active"]);
        changes.ShouldAllBe(c => c.Principal.Length > 0);
    }

    [Fact]
    public async Task Versions_are_compared_in_the_form_of_a_file()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await AgentAsync(host, versions: 2);

        var diff = await host.Agents.DiffAgentVersionsAsync(new DiffAgentVersionsRequest { Name = agent, FromVersion = 1 });

        diff.ToVersion.ShouldBe(2);
        diff.Diff.ShouldContain($"--- {agent} version 1\n+++ {agent} version 2\n@@ -");
        diff.Diff.ShouldContain("\n+description: version 2\n");
        diff.Diff.ShouldContain("\n instructions: ");
        (await host.Agents.DiffAgentVersionsAsync(new DiffAgentVersionsRequest { Name = agent, FromVersion = 2 })).Diff.ShouldBeEmpty();
    }

    private static async Task<string> AgentAsync(EngineHost host, int versions)
    {
        var agent = await host.AgentAsync(Script);
        for (var version = 2; version <= versions; version++)
        {
            var definition = (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = agent })).Agent.Definition;
            definition.Description = $"version {version}";
            await host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition });
        }

        return agent;
    }

    private static async Task SplitAsync(EngineHost host, string agent, params (int Version, int Percent)[] shares) =>
        await host.Agents.SetAgentTrafficAsync(new SetAgentTrafficRequest
        {
            Name = agent,
            Traffic = { shares.Select(s => new TrafficShare { Version = s.Version, Percent = s.Percent }) },
        });

    private static async Task<string> SessionAsync(EngineHost host) => (await host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;

    private static async Task<int> VersionAsync(EngineHost host, string agent, string session)
    {
        var run = await host.UntilAsync((await host.StartAsync(agent, "hi", session)).Id, RunStatus.Completed);
        return run.AgentVersion;
    }
}
