using ModelContextProtocol.Authentication;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>Begins without tokens, so that a person is asked; what comes of it is the source's from then on.</summary>
internal sealed class FreshTokens(SourceTokens tokens) : ITokenCache
{
    private volatile TokenContainer? _fresh;

    public async ValueTask StoreTokensAsync(TokenContainer fresh, CancellationToken cancellationToken)
    {
        _fresh = fresh;
        await tokens.StoreTokensAsync(fresh, cancellationToken);
    }

    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(_fresh);
}
