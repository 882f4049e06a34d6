using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>Removes workspaces in which nothing has been written for longer than the retention, hourly.</summary>
internal sealed class WorkspaceSweeper(Workspaces workspaces, TimeProvider time, ILogger<WorkspaceSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>How many were removed.</summary>
    public int Sweep(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(workspaces.Root))
        {
            return 0;
        }

        var oldest = time.GetUtcNow() - workspaces.Options.Retention;
        var removed = 0;
        foreach (var workspace in Directory.EnumerateDirectories(workspaces.Root).SelectMany(Directory.EnumerateDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (LastWrite(workspace, cancellationToken) < oldest)
            {
                Directory.Delete(workspace, recursive: true);
                removed++;
            }
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var removed = await Task.Run(() => Sweep(stoppingToken), stoppingToken);
                if (removed > 0)
                {
                    log.WorkspacesSwept(removed, workspaces.Options.Retention);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.WorkspacesNotSwept(exception, Interval);
            }
        }
    }

    private static DateTimeOffset LastWrite(string path, CancellationToken cancellationToken)
    {
        using var workspace = RootedFolder.Open(path);
        return FolderWalk.From(workspace, FilePath.Root, recursive: true, cancellationToken)
            .Select(entry => entry.Facts.Modified)
            .Append(workspace.Facts(FilePath.Root)!.Modified)
            .Max();
    }
}
