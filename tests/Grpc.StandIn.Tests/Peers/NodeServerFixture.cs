using System.Diagnostics;
using System.Text.Json;

namespace Grpc.StandIn.Tests;

/// <summary>The grpc-js server of the tests; it ends with the tests, also when they are killed, because it watches its input.</summary>
public sealed class NodeServerFixture : IAsyncLifetime
{
    private readonly List<Process> _processes = [];

    public string Address { get; private set; } = "";

    public string GzipAddress { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await NodePrograms.EnsureInstalledAsync();
        Address = await StartAsync("{}");
        GzipAddress = await StartAsync("""{"gzip":true}""");
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async Task<string> StartAsync(string options)
    {
        var process = NodePrograms.Start("node", ["server.js", options]);
        _processes.Add(process);
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90))
            ?? throw new InvalidOperationException($"server.js has ended: {await errors}");
        return $"http://127.0.0.1:{JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32()}";
    }
}
