using System.Diagnostics;
using System.Runtime.InteropServices;
using Grpc.Net.Client;
using Minion.Contracts.Orchestration.V1;
using Minion.Testing.Ports;

namespace Minion.Bench.Arena;

/// <summary>A real server in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ReservedPort _grpc;
    private readonly ReservedPort _http;

    private ServerProcess(Process process, ReservedPort grpc, ReservedPort http)
    {
        _process = process;
        _grpc = grpc;
        _http = http;
        Channel = GrpcChannel.ForAddress(Grpc);
        Runs = new RunService.RunServiceClient(Channel);
        Clusters = new ClusterService.ClusterServiceClient(Channel);
    }

    public Uri Grpc => new($"http://localhost:{_grpc.Number}");

    /// <summary>The address for HTTP.</summary>
    public Uri Http => new($"http://localhost:{_http.Number}");

    public GrpcChannel Channel { get; }

    public RunService.RunServiceClient Runs { get; }

    public ClusterService.ClusterServiceClient Clusters { get; }

    /// <summary>Resident memory, in MB of 2^20 bytes.</summary>
    public double MemoryMb
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024.0 * 1024.0);
        }
    }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Returns when the server says that it is ready.</summary>
    public static Task<ServerProcess> StartAsync(WorkFolder folder, Database database, CancellationToken ct, params string[] arguments) =>
        StartAsync(folder, database, ct, environment: [], arguments);

    /// <summary>The same with variables in its environment.</summary>
    public static Task<ServerProcess> StartAsync(
        WorkFolder folder, Database database, CancellationToken ct, IEnumerable<(string Name, string Value)> environment, params string[] arguments) =>
        StartAsync(folder, database, ct, environment, Root.Server, arguments);

    /// <summary>The server that has the behaviour <c>walk</c> too.</summary>
    public static Task<ServerProcess> StartWalkingAsync(WorkFolder folder, Database database, CancellationToken ct, params string[] arguments) =>
        StartAsync(folder, database, ct, [], Root.Bench, [Walking.WalkingServer.Verb, .. arguments]);

    private static async Task<ServerProcess> StartAsync(
        WorkFolder folder, Database database, CancellationToken ct, IEnumerable<(string Name, string Value)> environment, string program, string[] arguments)
    {
        var (http, grpc) = (new ReservedPort(), new ReservedPort());
        var log = Path.Combine(folder.Path, $"server-{grpc.Number}.log");
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            // The shell becomes the server, so that its process is the one that is measured.
            ArgumentList = { "-c", "exec \"$0\" \"$@\" >>\"$MINION_LOG_FILE\" 2>&1 </dev/null", program },
        };
        foreach (var argument in (string[])[.. arguments, "--data", folder.New("data"), "--http", $"{http.Number}", "--grpc", $"{grpc.Number}"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("MINION_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["MINION_LOG_FILE"] = log;
        start.Environment["ConnectionStrings__minion"] = database.ConnectionString;
        var process = Process.Start(start)!;
        await UntilReadyAsync(process, http.Number, log, ct);
        return new ServerProcess(process, grpc, http);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _ = NativeKill(_process.Id, Terminate);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _http.Dispose();
        _grpc.Dispose();
    }

    private static async Task UntilReadyAsync(Process process, int http, string log, CancellationToken ct)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var since = Stopwatch.StartNew();
        while (!await IsReadyAsync(client, http, ct))
        {
            if (process.HasExited || since.Elapsed > StartTimeout)
            {
                throw new InvalidOperationException($"The server did not become ready:\n{string.Join('\n', File.ReadLines(log).TakeLast(15))}");
            }

            await Task.Delay(50, ct);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, int http, CancellationToken ct)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://localhost:{http}/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int process, int signal);
}
