namespace Minion.Tools.Mcp.Authorization;

/// <summary>Keeps the tokens of sources, for all processes and after a restart.</summary>
internal interface ITokenStore
{
    /// <summary>Null when there are none that can be read.</summary>
    Task<KeptTokens?> ReadAsync(TokenOwner owner, CancellationToken cancellationToken);

    /// <summary>Takes the place of what was kept. A source that is not declared any longer keeps none.</summary>
    Task WriteAsync(TokenOwner owner, KeptTokens tokens, CancellationToken cancellationToken);
}

/// <summary>Whose tokens they are.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Source">The source's name.</param>
/// <param name="Url">Where the source is: tokens of another address are of no use here.</param>
internal sealed record TokenOwner(string Tenant, string Source, string Url);
