namespace Minion.Tools.Mcp.Authorization;

/// <summary>Gets a person's consent for a server that asks for it by OAuth. Without one such a server needs a refresh token or a header.</summary>
public interface IMcpConsent
{
    /// <summary>Shows the page on which a person consents, and says where that led; null when nobody consented.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="page">The page of the authorization server.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Uri?> AskAsync(string source, Uri page, CancellationToken cancellationToken);
}
