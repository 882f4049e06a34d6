using System.Diagnostics;
using System.Text.Json.Nodes;
using Minion.Contracts.Servers;

namespace Minion.EndToEnd.Tests.Programs;

/// <summary>A data folder of its own with a server that the command line starts and stops.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const int FailedStart = 1;

    private readonly Dictionary<string, string> _environment;

    private Installation(Dictionary<string, string> environment) => _environment = environment;

    // Readable by others, as a folder in somebody's home is: started as root, PostgreSQL runs as another user.
    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "minion-e2e-" + Guid.NewGuid().ToString("N")[..12])).FullName;

    public RunningServer? Note => RunningServer.Read(Folder);

    /// <summary>What the processes of this installation have in their environment; changes count from the next one on.</summary>
    public IDictionary<string, string> Environment => _environment;

    public static Installation Create(params (string Name, string Value)[] environment)
    {
        var values = environment.ToDictionary(e => e.Name, e => e.Value);
        var installation = new Installation(values);
        values["MINION_DATA"] = installation.Folder;
        values["MINION_HTTP"] = "0";
        values["MINION_GRPC"] = "0";
        // Who kills a server says how long its runs are to wait; elsewhere a busy machine shall not look as if one had died.
        values.TryAdd("Engine__Lease", "00:00:30");
        return installation;
    }

    /// <summary>Starts the server in the background; from the second time on with the same ports.</summary>
    public async Task<Ended> UpAsync()
    {
        var up = await RunAsync("up", "--detach");
        if (up.ExitCode == FailedStart)
        {
            // Seen once on a busy machine without its reason: it is told, so that the next time has one, and tried again.
            TestContext.Current.SendDiagnosticMessage($"minion up failed: {up}");
            up = await RunAsync("up", "--detach");
        }

        if (up.ExitCode == 0)
        {
            var note = Note.ShouldNotBeNull();
            _environment["MINION_SERVER"] = note.Grpc;
            _environment["MINION_HTTP"] = new Uri(note.Http).Port.ToString();
            _environment["MINION_GRPC"] = new Uri(note.Grpc).Port.ToString();
        }

        return up;
    }

    public Task<Ended> RunAsync(params IEnumerable<string> arguments) => Cli.RunAsync(_environment, input: null, arguments);

    public Task<Ended> RunWithInputAsync(string input, params IEnumerable<string> arguments) => Cli.RunAsync(_environment, input, arguments);

    /// <summary>Runs a verb that must succeed, and reads the JSON that it writes.</summary>
    public async Task<JsonNode> JsonAsync(params IEnumerable<string> arguments)
    {
        var ended = await RunAsync([.. arguments, "--output", "json"]);
        ended.ExitCode.ShouldBe(0, ended.ToString());
        return JsonNode.Parse(ended.Out)!;
    }

    /// <summary>Applies a cluster file that must be right.</summary>
    public async Task ApplyAsync(string yaml)
    {
        var ended = await RunWithInputAsync(yaml, "apply", "-f", "-");
        ended.ExitCode.ShouldBe(0, ended.ToString());
    }

    public Cli Start(params IEnumerable<string> arguments) => Cli.Start(_environment, arguments);

    public Cli StartInTerminal(params IEnumerable<string> arguments) => Cli.StartInTerminal(_environment, arguments);

    /// <summary>kill -9 of the server.</summary>
    public async Task KillServerAsync()
    {
        using var process = Process.GetProcessById(Note.ShouldNotBeNull().Pid);
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        var down = await RunAsync("down");
        if (down.ExitCode == 0)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
