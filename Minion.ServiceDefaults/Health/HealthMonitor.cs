using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.ServiceDefaults.Drain;

namespace Minion.ServiceDefaults.Health;

/// <summary>
/// Asks all health checks, at most once a second however many probes there are. Live are the checks with the tag <c>live</c>;
/// ready is a process whose other checks all hold and that is not draining.
/// </summary>
internal sealed class HealthMonitor(HealthCheckService checks, Draining draining, TimeProvider time) : IDisposable
{
    public const string LiveTag = "live";
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private HealthReport? _report;
    private long _asked;

    /// <summary>All checks.</summary>
    public async Task<HealthReport> AskAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_report is null || time.GetElapsedTime(_asked) > GoodFor)
            {
                using var limit = new CancellationTokenSource(Longest, time);
                _report = await checks.CheckHealthAsync(limit.Token);
                _asked = time.GetTimestamp();
            }

            return _report;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether the process takes calls.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        !draining.Started.IsCancellationRequested && IsReady(await AskAsync(cancellationToken));

    public static bool IsReady(HealthReport report) =>
        report.Entries.Values.Where(entry => !entry.Tags.Contains(LiveTag)).All(Holds);

    public static bool IsAlive(HealthReport report) =>
        report.Entries.Values.Where(entry => entry.Tags.Contains(LiveTag)).All(Holds);

    public void Dispose() => _gate.Dispose();

    private static bool Holds(HealthReportEntry entry) => entry.Status != HealthStatus.Unhealthy;
}
