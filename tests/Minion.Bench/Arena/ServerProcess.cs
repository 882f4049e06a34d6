using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Grpc.Net.Client;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Arena;

/// <summary>A real server in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServerProcess(Process process, Uri grpc, Uri http)
    {
        _process = process;
        Grpc = grpc;
        Http = http;
        Channel = GrpcChannel.ForAddress(grpc);
        Runs = new RunService.RunServiceClient(Channel);
        Clusters = new ClusterService.ClusterServiceClient(Channel);
    }

    public Uri Grpc { get; }

    /// <summary>The address for HTTP.</summary>
    public Uri Http { get; }

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
    public static async Task<ServerProcess> StartAsync(
        WorkFolder folder, Database database, CancellationToken ct, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        var (http, grpc) = (FreePort(), FreePort());
        var log = Path.Combine(folder.Path, $"server-{grpc}.log");
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            // The shell becomes the server, so that its process is the one that is measured.
            ArgumentList = { "-c", "exec \"$0\" \"$@\" >>\"$MINION_LOG_FILE\" 2>&1 </dev/null", Root.Server, "--data", folder.New("data"), "--http", $"{http}", "--grpc", $"{grpc}" },
        };
        foreach (var argument in arguments)
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
        await UntilReadyAsync(process, http, log, ct);
        return new ServerProcess(process, new Uri($"http://localhost:{grpc}"), new Uri($"http://localhost:{http}"));
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _ = NativeKill(_process.Id, Terminate);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int process, int signal);
}
