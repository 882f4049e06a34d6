using System.Diagnostics;
using Minion.Contracts.Servers;
using Minion.Testing.Database;

namespace Minion.Server.Tests;

/// <summary>Signals go to a whole process, so here the program has one of its own.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("minion-server-").FullName;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_drains_and_takes_the_note_away(string signal)
    {
        using var server = await StartAsync();
        await SignalAsync(server, signal);
        await server.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token);
        server.ExitCode.ShouldBe(0);
        RunningServer.Read(_folder).ShouldBeNull();
        (await server.StandardOutput.ReadToEndAsync()).ShouldContain("Drained");
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        using var server = await StartAsync("--Drain:AnnounceSeconds=60");
        await SignalAsync(server, "TERM");
        await SaysAsync(server, "Draining");
        await SignalAsync(server, "TERM");
        await server.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token);
        server.ExitCode.ShouldBe(130);
    }

    private async Task<Process> StartAsync(params string[] more)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Minion.Server");
        var server = Process.Start(new ProcessStartInfo(program, ["--data", _folder, "--http", "0", "--grpc", "0", .. _database.Settings.Select(s => $"--{s.Key}={s.Value}"), .. more])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        await SaysAsync(server, "Ready: ");
        return server;
    }

    private static async Task SaysAsync(Process server, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await server.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(what))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The server ended without saying '{what}'.");
    }

    private static async Task SignalAsync(Process server, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, server.Id.ToString()]);
        await kill.WaitForExitAsync();
    }
}
