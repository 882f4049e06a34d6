using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Sessions;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Sessions;

/// <summary>What goes with a session, and what stays.</summary>
public sealed class SessionDeletionTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private static readonly string[] Tables = ["sessions", "session_messages", "session_values", "session_summaries", "session_turns"];

    private const string Script =
        """
        {"rules":[
          {"match":"go","calls":[{"tool":"gated","arguments":{}}],"say":"gone"},
          {"match":"keep (?<text>\\w+)","calls":[{"tool":"workspace_set","arguments":{"key":"kept","value":"{{text}}"}},{"tool":"workspace_get","arguments":{"key":"kept"}},{"tool":"workspace_list","arguments":{}}],"sequence":true,"say":"kept {{workspace_get.value}}"}],
         "otherwise":"quick"}
        """;

    [Fact]
    public async Task A_session_goes_with_everything_that_came_of_it_and_what_is_kept_or_forked_stays()
    {
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        var agent = await host.AgentAsync(Script);
        var session = (await host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        var runs = new List<string>();
        foreach (var i in Enumerable.Range(0, 4))
        {
            runs.Add((await host.UntilAsync((await host.StartAsync(agent, $"{i}", session)).Id, RunStatus.Completed)).Id);
        }

        await host.Workspaces.SetValueAsync(new SetValueRequest { SessionId = session, Key = "k", Value = "1" });
        await host.History.KeepRunAsync(new KeepRunRequest { RunId = runs[1] });

        await host.Sessions.DeleteSessionAsync(new DeleteSessionRequest { Id = session });

        foreach (var table in Tables)
        {
            (await CountAsync(host, $"SELECT count(*) FROM orchestration.{table} WHERE {(table == "sessions" ? "id" : "session_id")} = $1", session)).ShouldBe(0, table);
        }

        foreach (var gone in new[] { runs[0], runs[2], runs[3] })
        {
            (await Should.ThrowAsync<RpcException>(() => host.GetAsync(gone))).StatusCode.ShouldBe(StatusCode.NotFound);
            (await CountAsync(host, "SELECT count(*) FROM orchestration.entries WHERE run_id = $1", gone)).ShouldBe(0);
        }

        (await host.GetAsync(runs[1])).SessionId.ShouldBe("");
        (await Should.ThrowAsync<RpcException>(host.Sessions.GetSessionAsync(new GetSessionRequest { Id = session }).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_session_with_a_run_under_way_is_not_deleted_by_hand_or_by_the_sweep()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await host.AgentAsync(Script, ["gated"]);
        var session = (await host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        var run = await host.StartAsync(agent, "go", session);

        var refused = await Should.ThrowAsync<RpcException>(host.Sessions.DeleteSessionAsync(new DeleteSessionRequest { Id = session }).ResponseAsync);
        await host.ExecuteAsync(
            "UPDATE orchestration.sessions SET status = 'expired', expires_at = now() - interval '1 year', sweep_at = now() - interval '1 day' WHERE id = $1", Guid.Parse(session));
        var sweep = host.Services.GetRequiredService<SessionSweep>();
        await sweep.SweepAsync(CancellationToken.None);

        FaultDetails.From(refused).Reason.ShouldBe("SESSION_BUSY");
        refused.Status.Detail.ShouldContain(run.Id);
        (await CountAsync(host, "SELECT count(*) FROM orchestration.sessions WHERE id = $1", session)).ShouldBe(1);
        tool.Open();
        await host.UntilAsync(run.Id, RunStatus.Completed);
        await host.ExecuteAsync("UPDATE orchestration.sessions SET sweep_at = now() - interval '1 day', expires_at = now() - interval '1 year' WHERE id = $1", Guid.Parse(session));
        await sweep.SweepAsync(CancellationToken.None);
        (await CountAsync(host, "SELECT count(*) FROM orchestration.sessions WHERE id = $1", session)).ShouldBe(0);
        (await CountAsync(host, "SELECT count(*) FROM orchestration.runs WHERE id = $1", run.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task An_agent_keeps_values_in_the_workspace_of_its_session()
    {
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        var agent = await host.AgentAsync(Script, ["workspace_set", "workspace_get", "workspace_list"]);
        var session = (await host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;

        var run = await host.UntilAsync((await host.StartAsync(agent, "keep apples", session)).Id, RunStatus.Completed, RunStatus.Failed);
        var alone = await host.UntilAsync((await host.StartAsync(agent, "keep apples")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldBe("kept apples");
        var value = (await host.Workspaces.GetValueAsync(new GetValueRequest { SessionId = session, Key = "kept" })).Value;
        (value.Value, value.UpdatedBy).ShouldBe(("\"apples\"", $"run:{run.Id}"));
        (await host.EntriesAsync(alone.Id)).First(e => e.Tool is not null).Tool.Failure.Kind.ShouldBe("no_session");
    }

    private static async Task<long> CountAsync(EngineHost host, string sql, string id)
    {
        await using var command = host.Engine.CreateCommand(sql);
        command.Parameters.Add(new() { Value = Guid.Parse(id) });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
