using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.ServiceDefaults.Telemetry;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Folder;

/// <summary>
/// Applies the cluster files of a folder, at the start and whenever one changes. A file that cannot be applied changes nothing: the last good one holds, and
/// why is in the log, in the status and in a metric. A file that is taken away leaves its cluster as it is.
/// </summary>
internal sealed class ClusterFolder(
    ClusterApplier applier,
    IOptions<ClusterFolderOptions> options,
    IHostApplicationLifetime lifetime,
    MinionTelemetry telemetry,
    TimeProvider time,
    ILogger<ClusterFolder> log) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);
    private readonly ClusterFolderOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, State> _states = new(StringComparer.Ordinal);
    private string? _folderError;

    /// <summary>The files of the folder with what became of them.</summary>
    public IEnumerable<WatchedFile> Files
    {
        get
        {
            if (_folderError is { } error)
            {
                return [new WatchedFile { File = _options.Folder, Error = error }];
            }

            return _states.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new WatchedFile
            {
                File = s.Key,
                Cluster = s.Value.Cluster,
                AppliedAt = s.Value.AppliedAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
                Error = s.Value.Error,
            });
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Folder.Length == 0)
        {
            return;
        }

        try
        {
            // The tools that files name may be in this very process.
            using var begin = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, begin.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(_options.Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        IReadOnlyList<FolderFile> files;
        try
        {
            files = FolderFiles.Read(_options.Folder);
            _folderError = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (_folderError != error.Message)
            {
                log.FolderUnreadable(_options.Folder, _folderError = error.Message);
                telemetry.ReportRefusedClusterFiles(1);
            }

            return;
        }

        foreach (var gone in _states.Keys.Except(files.Select(f => f.Name)).ToList())
        {
            log.ClusterFileGone(gone, _states[gone].Cluster);
            _states.TryRemove(gone, out _);
        }

        if (files.Any(IsDue) && await ApplyAsync([.. files.Where(IsDue)], ct))
        {
            // What failed may have needed what another file has brought.
            await ApplyAsync([.. files.Where(f => _states[f.Name].Error.Length > 0)], ct);
        }

        telemetry.ReportRefusedClusterFiles(_states.Values.Count(s => s.Error.Length > 0));
    }

    private bool IsDue(FolderFile file) =>
        !_states.TryGetValue(file.Name, out var state)
        || state.Hash != file.Hash
        || (state.Error.Length > 0 && time.GetUtcNow() - state.TriedAt >= Again);

    /// <summary>True when something was applied.</summary>
    private async Task<bool> ApplyAsync(IReadOnlyList<FolderFile> files, CancellationToken ct)
    {
        var any = false;
        foreach (var file in files)
        {
            var before = _states.GetValueOrDefault(file.Name) ?? new State("", "", null, default, "");
            var now = time.GetUtcNow();
            try
            {
                var cluster = await ApplyAsync(file, ct);
                _states[file.Name] = new State(file.Hash, cluster, now, now, "");
                telemetry.CountClusterReload(applied: true);
                any = true;
            }
            catch (Exception error) when (error is Fault or Npgsql.NpgsqlException)
            {
                _states[file.Name] = before with { Hash = file.Hash, TriedAt = now, Error = error.Message };
                if (error.Message != before.Error)
                {
                    log.ClusterFileRefused(file.Name, error.Message);
                    telemetry.CountClusterReload(applied: false);
                }
            }
        }

        return any;
    }

    private async Task<string> ApplyAsync(FolderFile file, CancellationToken ct)
    {
        if (file.Error is { } unreadable)
        {
            throw new Fault(StatusCode.FailedPrecondition, "FILE_UNREADABLE", unreadable);
        }

        var request = new ApplyClustersRequest { Files = { new ClusterSource { Content = file.Content, Source = file.Name } } };
        foreach (var name in Substitution.References(file.Content!))
        {
            // The folder is the operator's, and so is the environment. What looks like a secret, the reader refuses.
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                request.Environment[name] = value;
            }
        }

        return (await applier.ApplyAsync(new Caller(_options.Tenant, "service:clusters", ["*"]), request, ct)).Clusters.Single().Cluster;
    }

    private sealed record State(string Hash, string Cluster, DateTimeOffset? AppliedAt, DateTimeOffset TriedAt, string Error);
}
