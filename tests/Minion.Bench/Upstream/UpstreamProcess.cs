using System.Diagnostics;

namespace Minion.Bench.Upstream;

/// <summary><see cref="UpstreamHost"/> in a process of its own.</summary>
internal sealed class UpstreamProcess : IAsyncDisposable
{
    private readonly Process _process;

    private UpstreamProcess(Process process, string url) => (_process, Url) = (process, url);

    /// <summary>Its base address, as a model definition wants it.</summary>
    public string Url { get; }

    public static async Task<UpstreamProcess> StartAsync(int delay, CancellationToken ct)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { UpstreamHost.Argument, UpstreamHost.Text(delay) },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var url = await process.StandardOutput.ReadLineAsync(ct)
            ?? throw new InvalidOperationException("The upstream's process did not start.");
        return new UpstreamProcess(process, url + "/v1");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
