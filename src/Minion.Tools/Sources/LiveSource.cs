using Minion.Tools.Declarations;

namespace Minion.Tools.Sources;

/// <summary>A source of a tenant in this process, with what it last offered.</summary>
internal sealed class LiveSource : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private Task<IReadOnlyList<ITool>>? _listing;

    public LiveSource(DeclaredSource declared, IToolSource source, Action changed)
    {
        Declared = declared;
        Source = source;
        source.Changed += (_, _) =>
        {
            Forget();
            changed();
        };
    }

    public DeclaredSource Declared { get; }

    public IToolSource Source { get; }

    /// <summary>What it offers: asked once, until it says that it has changed or the listing failed.</summary>
    /// <exception cref="ToolSourceException">It cannot be reached.</exception>
    public Task<IReadOnlyList<ITool>> ListAsync()
    {
        lock (_lock)
        {
            return _listing is { IsFaulted: false, IsCanceled: false } known
                ? known
                : _listing = Task.Run(async () => await Source.ListAsync(_ended.Token));
        }
    }

    /// <summary>It is asked anew next time.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _listing = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Source.DisposeAsync();
        _ended.Dispose();
    }
}
