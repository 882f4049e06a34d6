using Minion.Tools.Sources;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>A source that a person can authorize.</summary>
internal interface IConsentingSource
{
    /// <summary>Asks a person, and keeps what comes of it.</summary>
    /// <param name="redirect">Where the page of the authorization server leads back to.</param>
    /// <param name="ask">Shows the page, and says where it led; null when nobody consented.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ToolSourceException">It did not work; says why.</exception>
    Task AuthorizeAsync(Uri redirect, Func<Uri, CancellationToken, Task<Uri?>> ask, CancellationToken cancellationToken);
}
