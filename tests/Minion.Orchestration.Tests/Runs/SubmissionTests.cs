using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Tests.Hosting;
using Npgsql;

namespace Minion.Orchestration.Tests.Runs;

/// <summary>A submission takes its agent for what it was, and shares its transaction with others: neither may show.</summary>
public sealed class SubmissionTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string One = """{"rules":[],"otherwise":"one"}""";
    private const string Two = """{"rules":[],"otherwise":"two"}""";

    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(database.Database);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_became_of_the_agent_holds_for_the_next_run(bool inSession)
    {
        var agent = await _host.AgentAsync(One);
        var session = inSession ? (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id : "";
        (await _host.StartAsync(agent, "hello", session)).AgentVersion.ShouldBe(1);
        (await _host.StartAsync(agent, "hello", session)).AgentVersion.ShouldBe(1);

        var definition = (await _host.Agents.GetAgentAsync(new GetAgentRequest { Name = agent })).Agent.Definition;
        definition.Instructions = "Something else.";
        await _host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition });
        (await _host.StartAsync(agent, "hello", session)).AgentVersion.ShouldBe(2);
        (await _host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, AgentVersion = 1, Input = "hello", SessionId = session })).Run.AgentVersion.ShouldBe(1);

        await _host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = agent, Status = AgentStatus.Inactive });
        (await Should.ThrowAsync<RpcException>(() => _host.StartAsync(agent, "hello", session))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        await _host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = agent, Status = AgentStatus.Active });
        (await _host.StartAsync(agent, "hello", session)).AgentVersion.ShouldBe(2);

        await _host.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = agent });
        (await Should.ThrowAsync<RpcException>(() => _host.StartAsync(agent, "hello", session))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_changed_model_answers_the_next_run()
    {
        var agent = await _host.AgentAsync(One);
        (await _host.UntilAsync((await _host.StartAsync(agent, "hello")).Id, RunStatus.Completed)).Output.ShouldBe("one");
        (await _host.UntilAsync((await _host.StartAsync(agent, "hello")).Id, RunStatus.Completed)).Output.ShouldBe("one");

        await using (var scope = await database.Database.DataSource(DatabaseRoles.Orchestration).BeginTenantAsync("default", TestContext.Current.CancellationToken))
        {
            await using var command = new NpgsqlCommand(
                "UPDATE orchestration.models SET definition = jsonb_set(definition, '{script}', $2::jsonb) WHERE name = $1", scope.Connection, scope.Transaction)
            {
                Parameters = { new() { Value = agent }, new() { Value = Two } },
            };
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await scope.CommitAsync(TestContext.Current.CancellationToken);
        }

        (await _host.UntilAsync((await _host.StartAsync(agent, "hello")).Id, RunStatus.Completed)).Output.ShouldBe("two");
    }

    [Fact]
    public async Task Many_submissions_at_once_are_each_accepted_once()
    {
        var agents = new[] { await _host.AgentAsync(One), await _host.AgentAsync(Two) };
        var runs = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _host.StartAsync(agents[i % 2], "hello", request: i % 3 == 0 ? $"many-{agents[0]}-{i}" : "")));

        runs.Select(r => r.Id).Distinct().Count().ShouldBe(200);
        foreach (var (run, i) in runs.Select((r, i) => (r, i)))
        {
            (await _host.UntilAsync(run.Id, RunStatus.Completed)).Output.ShouldBe(i % 2 == 0 ? "one" : "two");
        }
    }

    [Fact]
    public async Task One_that_the_database_refuses_fails_alone_and_tenants_stay_apart()
    {
        var agent = await _host.AgentAsync(One);
        var store = _host.Services.GetRequiredService<AgentStore>();
        var version = (await store.FindVersionAsync("default", agent, 0, TestContext.Current.CancellationToken))!;
        var queue = _host.Services.GetRequiredService<SubmitQueue>();
        var taken = Waiting("default", version);
        (await queue.SubmitAsync(taken)).ShouldNotBeNull();

        var good = Enumerable.Range(0, 50).Select(_ => Waiting("default", version)).ToList();
        var elsewhere = Waiting("somebody-else", version);
        var all = good.Take(25).Append(taken).Append(elsewhere).Concat(good.Skip(25)).Select(s => (s.Run.Id, s.Run.Tenant, Task: queue.SubmitAsync(s))).ToList();
        await Task.WhenAll(all.Select(a => a.Task)).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        foreach (var (id, tenant, task) in all)
        {
            if (id == taken.Run.Id)
            {
                task.Exception!.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
            }
            else
            {
                // The other tenant has no such agent.
                (await task).HasValue.ShouldBe(tenant == "default");
            }
        }

        foreach (var submission in good)
        {
            await _host.UntilAsync(submission.Run.Id.ToString(), RunStatus.Completed);
        }
    }

    private static Submission Waiting(string tenant, AgentVersion agent)
    {
        var now = TimeProvider.System.GetStoredNow();
        var limits = RunLimits.From(agent.Definition.Limits, null);
        var id = Guid.CreateVersion7(now);
        var run = new ClaimedRun
        {
            Tenant = tenant,
            Id = id,
            RootId = id,
            AgentId = agent.AgentId,
            Agent = agent.Name,
            AgentVersion = agent.Version,
            Behaviour = "react@1",
            SessionId = null,
            FirstMessage = 0,
            LastMessage = 0,
            Principal = "test",
            Permissions = ["a", "b c"],
            Epoch = 0,
            NextSeq = 1,
            Limits = limits,
            Deadline = now + TimeSpan.FromMinutes(5),
            Input = "hello",
            CreatedAt = now,
        };
        return new Submission(run, null, 0, System.Text.Json.JsonSerializer.Serialize(limits, RunJsonContext.Default.RunLimits), null, agent.Revision, agent.Definition.Model);
    }
}
