using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Servers;
using Minion.Contracts.Tools.V1;
using Minion.Testing.Database;

namespace Minion.Server.Tests;

[Collection(RunningProgram.OneAtATime)]
public sealed class ProgramTests : IAsyncLifetime
{
    private const string Cluster =
        """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: test }
        models:
          - name: default
            provider: scripted
            script:
              rules:
                - match: '(?<percent>[\d.,]+)\s*%\s*of\s*(?<amount>[\d.,]+)'
                  calls:
                    - tool: calculator
                      arguments: { expression: '{{percent | number}} / 100 * {{amount | number}}' }
                  say: '{{percent}} % of {{amount}} is {{calculator.value}}.'
              otherwise: 'Ask me for a percentage.'
        agents:
          - name: hello
            instructions: Answer.
            model: default
            behaviour: react
            tools: [calculator, time]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("minion-server-").FullName;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task One_process_migrates_serves_everything_and_runs_an_agent_with_tools()
    {
        await using var program = await RunningProgram.StartAsync(Arguments());
        var note = program.Note;
        note.Pid.ShouldBe(Environment.ProcessId);

        using var http = new HttpClient();
        JsonDocument.Parse(await http.GetStringAsync($"{note.Http}/health")).RootElement.GetProperty("checks").GetProperty("database")
            .GetProperty("status").GetString().ShouldBe("healthy");
        (await http.GetAsync($"{note.Http}/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var channel = GrpcChannel.ForAddress(note.Grpc);
        (await new ToolService.ToolServiceClient(channel).ListToolsAsync(new ListToolsRequest())).Tools.Select(t => t.Name).ShouldContain("calculator");
        await new ClusterService.ClusterServiceClient(channel).ApplyClusterAsync(new ApplyClusterRequest { Content = Cluster, Source = "test.yaml" });
        var runs = new RunService.RunServiceClient(channel);
        var run = (await runs.StartRunAsync(new StartRunRequest { Agent = "hello", Input = "what is 17.5 % of 2,340?" })).Run;
        using var watch = runs.WatchRun(new WatchRunRequest { RunId = run.Id, EntriesOnly = true });
        var entries = new List<Entry>();
        await foreach (var part in watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            entries.Add(part.Entry);
        }

        entries.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, entries.Count).Select(i => (long)i));
        entries.ShouldContain(e => e.KindCase == Entry.KindOneofCase.Tool && e.Tool.Tool == "calculator");
        entries[^1].Completed.ShouldNotBeNull().Output.ShouldBe("17.5 % of 2,340 is 409.5.");
        await Eventually.BecomesAsync(
            () => http.GetStringAsync($"{note.Http}/metrics"), text => text.Contains("""agent_executions_total{agent="hello",status="completed"} 1"""), "the run to be counted");

        (await program.StopAsync()).ShouldBe(0);
        RunningServer.Read(_folder).ShouldBeNull();
    }

    [Fact]
    public async Task Migrating_alone_ends_when_it_is_done()
    {
        (await RunningProgram.RunAsync(Arguments("--role", "migrate"))).ShouldBe(0);
        await using var other = await RunningProgram.StartAsync(Arguments("--role", "tools"));
        using var channel = GrpcChannel.ForAddress(other.Note.Grpc);
        (await new ToolService.ToolServiceClient(channel).ListToolsAsync(new ListToolsRequest())).Tools.ShouldNotBeEmpty();
        var missing = await Should.ThrowAsync<RpcException>(async () =>
            await new AgentService.AgentServiceClient(channel).ListAgentsAsync(new ListAgentsRequest()));
        missing.StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task With_a_key_every_call_carries_it()
    {
        await using var program = await RunningProgram.StartAsync(Arguments("--Authentication:ApiKey=a-key-of-the-tests"));
        using var channel = GrpcChannel.ForAddress(program.Note.Grpc);
        var agents = new AgentService.AgentServiceClient(channel);
        (await Should.ThrowAsync<RpcException>(async () => await agents.ListAgentsAsync(new ListAgentsRequest()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        await agents.ListAgentsAsync(new ListAgentsRequest(), new Metadata { { "authorization", "Bearer a-key-of-the-tests" } });
    }

    [Fact]
    public async Task A_taken_port_ends_the_program_with_3()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        (await RunningProgram.RunAsync(Arguments("--http", ((IPEndPoint)taken.LocalEndpoint).Port.ToString()))).ShouldBe(3);
    }

    [Fact]
    public async Task A_second_server_on_the_data_folder_ends_with_1()
    {
        await using var program = await RunningProgram.StartAsync(Arguments());
        (await RunningProgram.RunAsync(Arguments())).ShouldBe(1);
    }

    [Theory]
    [InlineData("--role", "nothing")]
    [InlineData("--listen", "0.0.0.0")]
    [InlineData("--what", "ever")]
    public async Task A_wrong_option_ends_the_program_with_2(string option, string value) => (await RunningProgram.RunAsync(option, value)).ShouldBe(2);

    [Fact]
    public async Task Help_is_no_failure() => (await RunningProgram.RunAsync("--help")).ShouldBe(0);

    /// <summary>Later ones win.</summary>
    private string[] Arguments(params string[] more) =>
    [
        "--data", _folder, "--http", "0", "--grpc", "0", "--Logging:LogLevel:Default=Warning",
        .. _database.Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        .. more,
    ];
}
