using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Minion.Contracts.Models.V1;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Servers;
using Minion.Contracts.Tools.V1;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests;

/// <summary>The whole server as a process, with the keys of two clients, before a fake endpoint that is the model <c>default</c>.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const string OwnerKey = "the-key-of-the-owner";
    public const string AdaKey = "the-key-of-ada-0123456789";
    public const string BobKey = "the-key-of-bob-0123456789";

    public const string StrangerKey = "the-key-of-another-tenant-01";

    private readonly string _folder = Directory.CreateTempSubdirectory("minion-edge-").FullName;
    private readonly StringBuilder _output = new();
    private Process? _process;
    private GrpcChannel? _channel;

    public FakeOpenAi Upstream { get; private set; } = null!;

    /// <summary>The base address as a client of OpenAI's API wants it.</summary>
    public string Url => Note.Http + "/v1";

    /// <summary>The MCP server.</summary>
    public Uri Mcp => new(Note.Http + "/mcp");

    public SessionService.SessionServiceClient Sessions => new(_channel);

    public RunService.RunServiceClient Runs => new(_channel);

    public BudgetService.BudgetServiceClient Budgets => new(_channel);

    public RegistryService.RegistryServiceClient Registry => new(_channel);

    public Metadata Owner => new() { { "authorization", $"Bearer {OwnerKey}" } };

    /// <summary>What the process wrote, for a test that fails.</summary>
    private string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private RunningServer Note => RunningServer.Read(_folder)!;

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Started as root, PostgreSQL runs as another user, who must get through.
            File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Upstream = await FakeOpenAi.StartAsync();
        _process = Start();
        await Eventually.HoldsAsync(() => _process.HasExited || RunningServer.Read(_folder) is not null, () => $"the server to start\n{Output}");
        _process.HasExited.ShouldBeFalse(Output);
        _channel = GrpcChannel.ForAddress(Note.Grpc);
        await new ClusterService.ClusterServiceClient(_channel).ApplyClusterAsync(new ApplyClusterRequest { Content = Cluster, Source = "edge.yaml" }, Owner);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_process is { HasExited: false })
        {
            using var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            using var patience = new CancellationTokenSource(Eventually.Patience);
            await _process.WaitForExitAsync(patience.Token);
        }

        _process?.Dispose();
        await Upstream.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Minion.Server"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (string Name, string Value)[] environment =
        [
            ("MINION_DATA", _folder), ("MINION_HTTP", "0"), ("MINION_GRPC", "0"), ("MINION_MODEL_URL", Upstream.Url), ("MINION_MODEL", "fake-model"),
            ("OPENAI_BASE_URL", Upstream.Url), ("OPENAI_API_KEY", "a-key-of-the-fake-endpoint"),
            ("Models__MaxRetries", "0"), ("MINION_API_KEY", OwnerKey),
            ("Authentication__Keys__0__Name", "ada"), ("Authentication__Keys__0__Key", AdaKey), ("Authentication__Keys__0__Permissions__0", "*"),
            ("Authentication__Keys__1__Name", "bob"), ("Authentication__Keys__1__Key", BobKey),
            ("Authentication__Keys__2__Name", "eve"), ("Authentication__Keys__2__Key", StrangerKey), ("Authentication__Keys__2__Tenant", "elsewhere"), ("Authentication__Keys__2__Permissions__0", "*"),
        ];
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (_output)
            {
                _output.AppendLine(line.Data);
            }
        }
    }

    private const string Cluster = """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: edge }
        models:
          - name: counting
            provider: scripted
            script:
              rules:
                - match: '(?<a>\d+) plus (?<b>\d+)'
                  calls:
                    - tool: calculator
                      arguments: { expression: '{{a}} + {{b}}' }
                  say: 'That is {{calculator.value}}.'
              otherwise: 'Hello from the agent.'
          - name: slow
            provider: scripted
            script:
              delay: 400ms
              otherwise: 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
          - name: slower
            provider: scripted
            script:
              delay: 3s
              otherwise: 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
        agents:
          - name: slower
            instructions: Answer.
            model: slower
            behaviour: direct
          - name: hello
            instructions: Answer.
            model: counting
            tools: [calculator]
          - name: slow
            instructions: Answer.
            model: slow
            behaviour: direct
          - name: relay
            instructions: Relay.
            model: default
            behaviour: direct
          - name: priced
            instructions: Answer.
            model: openai/gpt-5-mini
            behaviour: direct
        """;
}

/// <summary>One server for all tests that need a whole one.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
