using Minion.Tools.Mcp.Authorization;

namespace Minion.Tools.Sources.Cleaning;

/// <summary>A source whose words, and those of its tools, never repeat a secret that it sends: not to models, not to people, not in the journal.</summary>
internal sealed class CleanedSource(IToolSource source, SentSecrets sent) : IToolSource, IConsentingSource
{
    public event EventHandler? Changed
    {
        add => source.Changed += value;
        remove => source.Changed -= value;
    }

    public SourceHealth Health => source.Health is { Detail.Length: > 0 } health ? health with { Detail = sent.Clean(health.Detail) } : source.Health;

    public async ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var tools = await source.ListAsync(cancellationToken);
            var cleaner = sent.Cleaner();
            return [.. tools.Select(tool => new CleanedTool(tool, sent, cleaner))];
        }
        catch (ToolSourceException exception)
        {
            throw new ToolSourceException(sent.Clean(exception.Message), exception.InnerException);
        }
    }

    public async Task AuthorizeAsync(Uri redirect, Func<Uri, CancellationToken, Task<Uri?>> ask, CancellationToken cancellationToken)
    {
        if (source is not IConsentingSource consenting)
        {
            throw new ToolSourceException("Sources of this kind are not authorized by a person.");
        }

        try
        {
            await consenting.AuthorizeAsync(redirect, ask, cancellationToken);
        }
        catch (ToolSourceException exception)
        {
            throw new ToolSourceException(sent.Clean(exception.Message), exception.InnerException);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
