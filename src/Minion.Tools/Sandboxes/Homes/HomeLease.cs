namespace Minion.Tools.Sandboxes.Homes;

/// <summary>A home folder for the time of one call.</summary>
internal sealed class HomeLease(string path, TimeProvider time, Action free) : IDisposable
{
    private bool _freed;

    /// <summary>The packed folder; null when nothing has been kept yet.</summary>
    public string? Packed => File.Exists(path) ? path : null;

    /// <summary>Keeps this file in the place of what was kept.</summary>
    public void Keep(string packed)
    {
        File.Move(packed, path, overwrite: true);
        Touch();
    }

    /// <summary>Says that it has been used, so that it stays.</summary>
    public void Touch()
    {
        if (File.Exists(path))
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }
    }

    /// <summary>Forgets what was kept.</summary>
    public void Drop() => File.Delete(path);

    public void Dispose()
    {
        if (!_freed)
        {
            _freed = true;
            free();
        }
    }
}
