using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;
using Minion.Data.Health;

namespace Minion.Data.Embedded;

/// <summary>Starts PostgreSQL again when it dies, and ends it when every hosted service has stopped.</summary>
internal sealed class EmbeddedPostgresService(EmbeddedPostgres server, TimeProvider time, ILogger<EmbeddedPostgresService> log)
    : BackgroundService, IHostedLifecycleService, IDatabaseServerHealth
{
    private const long ScarceBytes = 256L * 1024 * 1024;
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _stop = new();
    private int _restarts;

    public IEnumerable<KeyValuePair<string, object>> Describe()
    {
        yield return new("folder", server.Folder);
        yield return new("restarts", _restarts);
        if (PostgresFolder.FreeBytes(server.Folder) is { } free)
        {
            yield return new("free_megabytes", free >> 20);
        }
    }

    public string? Concern() => PostgresFolder.FreeBytes(server.Folder) is { } free and < ScarceBytes
        ? $"The disk of the data folder {server.Folder} is nearly full: {free >> 20} MB are left."
        : null;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        log.EmbeddedReady(server.Programs.Major, server.Programs.Folder, server.Folder);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Others still need the database while they stop: it goes on until <see cref="StoppedAsync"/>.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await (ExecuteTask ?? Task.CompletedTask);
        await server.DisposeAsync();
        log.EmbeddedStopped();
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var started = time.GetTimestamp();
                await server.Exited.WaitAsync(_stop.Token);
                failures = time.GetElapsedTime(started) > LongEnough ? 0 : failures;
                log.EmbeddedDied(failures);
                failures = await StartAgainAsync(failures);
                _restarts++;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task<int> StartAgainAsync(int failures)
    {
        while (true)
        {
            try
            {
                await Task.Delay(RestartDelay.After(failures), time, _stop.Token);
                failures++;
                var started = time.GetTimestamp();
                await server.StartAgainAsync(_stop.Token);
                log.EmbeddedRestarted(time.GetElapsedTime(started).TotalMilliseconds);
                return failures;
            }
            catch (Exception e) when (e is Fault or IOException or UnauthorizedAccessException)
            {
                log.EmbeddedNotRestarted(failures, RestartDelay.After(failures), e);
            }
        }
    }
}
