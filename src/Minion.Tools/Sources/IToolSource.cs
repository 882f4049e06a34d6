namespace Minion.Tools.Sources;

/// <summary>
/// Where tools of a tenant come from beside the built-in ones: an MCP server, an HTTP API, a database. One instance serves all calls, many at
/// once; it connects when it is first needed, and comes back by itself after its peer was gone.
/// </summary>
public interface IToolSource : IAsyncDisposable
{
    /// <summary>What the source offers now. Fails with a <see cref="ToolSourceException"/> when its peer cannot be reached or talks nonsense.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Raised when what <see cref="ListAsync"/> gives may have changed; any thread, any number of times.</summary>
    event EventHandler? Changed;

    /// <summary>How it is.</summary>
    SourceHealth Health { get; }
}

/// <summary>How a source is.</summary>
/// <param name="State">Whether its tools can be called.</param>
/// <param name="Detail">A sentence for a person; empty when all is well.</param>
public sealed record SourceHealth(SourceState State, string Detail = "");

/// <summary>Whether a source's tools can be called.</summary>
public enum SourceState
{
    /// <summary>Nobody has needed it yet.</summary>
    Idle,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It is tried again after a pause.</summary>
    Failing,
}

/// <summary>A source cannot say what it offers.</summary>
/// <param name="message">Why; a sentence for a person, without secrets.</param>
/// <param name="inner">What happened.</param>
public sealed class ToolSourceException(string message, Exception? inner = null) : Exception(message, inner);
