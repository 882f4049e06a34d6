using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Minion.Tools.Network;
using Minion.Tools.Sandboxes;
using Minion.Tools.Sandboxes.Homes;

namespace Minion.Bench.Sandboxes;

/// <summary>A sandbox as the tool service has it, and bubblewrap called bare.</summary>
internal sealed class BenchSandbox : IDisposable
{
    /// <summary>Programs that want to use up the host: processes, memory, processors, output.</summary>
    public static readonly string[] Attacks =
    [
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        "kept = []\nwhile True:\n    kept.append(b'x' * (8 << 20))",
        "while True: pass",
        "import sys\nwhile True: sys.stdout.write('spam' * 4096)",
    ];

    private readonly SandboxAvailability _availability;
    private readonly Sandbox _sandbox;

    public BenchSandbox(string folder, int concurrent)
    {
        var options = Microsoft.Extensions.Options.Options.Create(new SandboxOptions { Folder = folder, Concurrent = concurrent });
        var folders = new SandboxFolders(options, new ConfigurationBuilder().Build());
        _availability = new SandboxAvailability(options);
        _sandbox = new Sandbox(
            options,
            _availability,
            folders,
            new HomeStore(options, folders, TimeProvider.System),
            new AddressGuard(new NetworkOptions()),
            TimeProvider.System,
            NullLogger<Sandbox>.Instance);
    }

    /// <summary>Why there is none here; null when there is one.</summary>
    public static string? Missing()
    {
        try
        {
            new SandboxAvailability(Microsoft.Extensions.Options.Options.Create(new SandboxOptions())).Bubblewrap();
            return null;
        }
        catch (SandboxUnavailableException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Milliseconds of one call.</summary>
    public async Task<double> MillisecondsAsync(params string[] program)
    {
        var clock = Stopwatch.StartNew();
        var result = await _sandbox.RunAsync(new SandboxCommand(program), home: null, CancellationToken.None);
        return result.ExitCode == 0 ? clock.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"{string.Join(' ', program)} failed in the sandbox: {result.End} {result.Error}");
    }

    /// <summary>Whether a Python program passes, and the milliseconds that it took.</summary>
    public async Task<(bool Passed, double Milliseconds)> PythonAsync(string code)
    {
        var clock = Stopwatch.StartNew();
        var command = new SandboxCommand(["/usr/bin/python3", $"{SandboxCommand.CodeFolder}/main.py"]) { Code = code, CodeName = "main.py" };
        var result = await _sandbox.RunAsync(command, home: null, CancellationToken.None);
        return (result is { End: SandboxEnd.Exited, ExitCode: 0 }, clock.Elapsed.TotalMilliseconds);
    }

    /// <summary>Runs a Python program again and again until it is told to stop.</summary>
    public async Task RepeatAsync(string code, CancellationToken stop)
    {
        var command = new SandboxCommand(["/usr/bin/python3", $"{SandboxCommand.CodeFolder}/main.py"]) { Code = code, CodeName = "main.py" };
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await _sandbox.RunAsync(command, home: null, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>Milliseconds of bubblewrap with new namespaces and nothing else.</summary>
    public async Task<double> BareMillisecondsAsync(params string[] program)
    {
        var clock = Stopwatch.StartNew();
        string[] arguments = ["--unshare-all", "--unshare-user", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", .. program];
        var info = new ProcessStartInfo(_availability.Bubblewrap(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? clock.Elapsed.TotalMilliseconds : throw new InvalidOperationException("bubblewrap failed: " + await process.StandardError.ReadToEndAsync());
    }

    public void Dispose() => _sandbox.Dispose();
}
