using System.Diagnostics;
using Grpc.Net.Client;
using Minion.Contracts.Models.V1;
using Minion.Contracts.Orchestration.V1;
using Minion.Crash.Serving;
using Minion.Testing.Ports;

namespace Minion.Crash.Arena;

/// <summary>A real server in a process of its own, which can be killed, paused and started again on the same ports and data folder.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // The shell becomes the server: the same process, its output in a file. Beside it something waits for the end of the pipe that this process holds: when
    // the harness dies, however that may be, its servers do too.
    private const string Shell =
        """
        exec 3<&0
        { read -r _ <&3; [ "$(readlink /proc/$$/exe)" = "$0" ] && kill -9 $$; } >/dev/null 2>&1 &
        exec "$0" "$@" >>"$MINION_LOG_FILE" 2>&1 </dev/null 3<&-
        """;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(180);

    private readonly string _program;
    private readonly string _folder;
    private readonly string _connectionString;
    private readonly ReservedPort _http = new();
    private readonly ReservedPort _grpc = new();
    private readonly HttpClient _health = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly GrpcChannel _channel;
    private readonly bool _withFailpoints;
    private Process? _process;

    public ServerProcess(string name, string program, string folder, Database database, bool withFailpoints)
    {
        Proxy = new Proxy(database.EndPoint);
        Name = name;
        _program = program;
        _folder = folder;
        _connectionString = database.ConnectionStringBy(Proxy);
        _withFailpoints = withFailpoints;
        Failpoints = Path.Combine(folder, $"{name}.failpoint");
        LogFile = Path.Combine(folder, $"{name}.log");
        _channel = GrpcChannel.ForAddress($"http://localhost:{_grpc.Number}");
        Runs = new RunService.RunServiceClient(_channel);
        Sessions = new SessionService.SessionServiceClient(_channel);
        Clusters = new ClusterService.ClusterServiceClient(_channel);
        Inbox = new InboxService.InboxServiceClient(_channel);
        Messages = new MessageService.MessageServiceClient(_channel);
        Schedules = new ScheduleService.ScheduleServiceClient(_channel);
        Budgets = new BudgetService.BudgetServiceClient(_channel);
    }

    public string Name { get; }

    public string LogFile { get; }

    /// <summary>Its way to PostgreSQL.</summary>
    public Proxy Proxy { get; }

    /// <summary>The file that says at which failpoint it kills itself.</summary>
    public string Failpoints { get; }

    public bool HasEnded => _process is not { HasExited: false };

    public RunService.RunServiceClient Runs { get; }

    public SessionService.SessionServiceClient Sessions { get; }

    public ClusterService.ClusterServiceClient Clusters { get; }

    public InboxService.InboxServiceClient Inbox { get; }

    public MessageService.MessageServiceClient Messages { get; }

    public ScheduleService.ScheduleServiceClient Schedules { get; }

    public BudgetService.BudgetServiceClient Budgets { get; }

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException($"Server {Name} was not started.");

    /// <summary>Returns when the server says that it is ready.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            ArgumentList = { "-c", Shell, _program, CrashServer.Verb, "--data", Path.Combine(_folder, Name), "--http", $"{_http.Number}", "--grpc", $"{_grpc.Number}" },
        };

        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("MINION_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["MINION_LOG_FILE"] = LogFile;
        start.Environment["ConnectionStrings__minion"] = _connectionString;
        start.Environment["Engine__Lease"] = Timings.Lease.ToString("c");
        start.Environment["Models__Costs__Lease"] = Timings.Lease.ToString("c");
        start.Environment["Models__Costs__Heartbeat"] = (Timings.Lease / 5).ToString("c");
        if (_withFailpoints)
        {
            start.Environment["Engine__FailpointFile"] = Failpoints;
            start.Environment["Engine__AllowFailpoints"] = "true";
        }

        start.Environment["OTEL_SDK_DISABLED"] = "true";
        _process?.Dispose();
        _process = Process.Start(start)!;
        await UntilReadyAsync(ct);
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>SIGTERM; returns when the process has drained and ended.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (HasEnded)
        {
            return;
        }

        Signals.Terminate(ProcessId);
        await _process!.WaitForExitAsync(ct);
    }

    /// <summary>Returns when the process has ended by itself.</summary>
    public Task UntilEndedAsync(CancellationToken ct) => _process!.WaitForExitAsync(ct);

    /// <summary>SIGSTOP.</summary>
    public void Pause() => Signals.Stop(ProcessId);

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signals.Continue(ProcessId);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _channel.Dispose();
        _health.Dispose();
        await Proxy.DisposeAsync();
        _http.Dispose();
        _grpc.Dispose();
    }

    private async Task UntilReadyAsync(CancellationToken ct)
    {
        var since = Stopwatch.StartNew();
        while (!await IsReadyAsync(ct))
        {
            if (_process!.HasExited || since.Elapsed > StartTimeout)
            {
                var state = _process.HasExited ? $"ended with exit code {_process.ExitCode}" : $"was not ready after {StartTimeout.TotalSeconds} s";
                throw new InvalidOperationException($"Server {Name} {state}:\n{string.Join('\n', File.ReadLines(LogFile).TakeLast(15))}");
            }

            await Task.Delay(50, ct);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await _health.GetAsync(new Uri($"http://localhost:{_http.Number}/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
