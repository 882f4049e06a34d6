using Microsoft.Playwright;

namespace Minion.Tools.Browser;

/// <summary>Waits for one download and ends it when it becomes too long: the browser itself knows no limit.</summary>
/// <param name="folder">Where the browser writes.</param>
/// <param name="limit">Bytes.</param>
/// <param name="time">The clock.</param>
internal sealed class DownloadWait(string folder, long limit, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource<IDownload> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _before = [.. Directory.EnumerateFiles(folder)];

    /// <summary>Completes when the download has begun.</summary>
    public Task<IDownload> Begun => _begun.Task;

    public Task TakeAsync(IDownload download)
    {
        _begun.TrySetResult(download);
        return Task.CompletedTask;
    }

    /// <summary>The bytes; null when there are more than the limit.</summary>
    /// <exception cref="PlaywrightException">It failed.</exception>
    public async Task<byte[]?> ReadAsync(IDownload download, CancellationToken cancellationToken)
    {
        var done = download.PathAsync();
        while (!done.IsCompleted)
        {
            if (Largest() > limit)
            {
                await download.CancelAsync();
                return null;
            }

            await Task.WhenAny(done, Task.Delay(Interval, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        var path = await done;
        return new FileInfo(path).Length <= limit ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
    }

    private long Largest() => new DirectoryInfo(folder).EnumerateFiles().Where(file => !_before.Contains(file.FullName)).Select(LengthOf).DefaultIfEmpty().Max();

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0; // renamed or removed meanwhile
        }
    }
}
