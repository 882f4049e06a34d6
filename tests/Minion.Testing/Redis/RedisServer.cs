using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Minion.Testing.Ports;
using Xunit;

namespace Minion.Testing.Redis;

/// <summary>A real <c>redis-server</c> of this machine, on a port of its own; it ends with this process, however that ends.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const string Password = "test-password";

    private readonly ReservedPort _port = new();
    private Process? _shell;
    private int _process;

    private RedisServer()
    {
    }

    /// <summary>The setting <c>ConnectionStrings:redis</c>, as the AppHost gives it.</summary>
    public string ConnectionString => $"localhost:{_port.Number},password={Password}";

    /// <summary>What a host needs to use it, as configuration.</summary>
    public Dictionary<string, string?> Settings => new() { ["ConnectionStrings:redis"] = ConnectionString };

    /// <summary>Starts one; where it is not installed the test is skipped.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        Assert.SkipUnless(IsInstalled(), $"{Program} is not installed.");
        var server = new RedisServer();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it on the same port, empty.</summary>
    public async Task StartAgainAsync()
    {
        // The shell waits for the end of its input, which comes with the end of this process.
        var start = new ProcessStartInfo(
            "sh", ["-c", $"{Program} --bind 127.0.0.1 --port {_port.Number} --requirepass {Password} --save '' --appendonly no >/dev/null & echo $!; read end; kill -9 $! 2>/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _shell = Process.Start(start)!;
        _process = int.Parse((await _shell.StandardOutput.ReadLineAsync())!);
        await Eventually.HoldsAsync(AnswersAsync, "Redis to answer", passing: e => e is SocketException or IOException);
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        Signal("-KILL");
        await EndShellAsync();
    }

    /// <summary>Stops it where it is: connections stay, and nothing answers.</summary>
    public void Pause() => Signal("-STOP");

    /// <summary>Lets it go on.</summary>
    public void Resume() => Signal("-CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndShellAsync();
        _port.Dispose();
    }

    private static bool IsInstalled() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, Program)));

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port.Number);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
        return await client.GetStream().ReadAsync(new byte[16]) > 0;
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process}"]);
        kill.WaitForExit();
    }

    private async Task EndShellAsync()
    {
        if (_shell is { } shell)
        {
            _shell = null;
            shell.StandardInput.Close();
            await shell.WaitForExitAsync();
            shell.Dispose();
        }
    }
}
