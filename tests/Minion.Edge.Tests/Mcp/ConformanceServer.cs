using System.Diagnostics;
using System.Text;
using Minion.Contracts.Servers;

namespace Minion.Edge.Tests.Mcp;

/// <summary>The server with what the conformance suite asks for, as a process; without a key, as the suite has none.</summary>
public sealed class ConformanceServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("minion-mcp-").FullName;
    private readonly StringBuilder _output = new();
    private Process? _process;

    public Uri Url => new($"{RunningServer.Read(_folder)!.Http}/mcp");

    /// <summary>What the process wrote, for a test that fails.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Started as root, PostgreSQL runs as another user, who must get through.
            File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Minion.McpConformance"), ["--http", "0", "--grpc", "0", "--data", _folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("MINION_API_KEY");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(() => _process.HasExited || RunningServer.Read(_folder) is not null, () => $"the server to start\n{Output}");
        _process.HasExited.ShouldBeFalse(Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            using var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            using var patience = new CancellationTokenSource(Eventually.Patience);
            await _process.WaitForExitAsync(patience.Token);
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}

/// <summary>One such server for all tests that need it.</summary>
[CollectionDefinition(Name)]
public sealed class ConformanceCollection : ICollectionFixture<ConformanceServer>
{
    public const string Name = "mcp conformance";
}
