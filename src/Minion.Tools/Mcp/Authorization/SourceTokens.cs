using ModelContextProtocol.Authentication;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>The tokens of a source, for all its connections; in memory only. It may begin with a refresh token from the settings.</summary>
internal sealed class SourceTokens(string? clientId, string? clientSecret, string? refreshToken, TimeProvider time) : ITokenCache
{
    private volatile TokenContainer? _tokens;
    private volatile string? _server;

    /// <summary>The first authorization server that the server names; the refresh token is for it.</summary>
    public Uri? Choose(IReadOnlyList<Uri> servers)
    {
        _server = servers.FirstOrDefault()?.OriginalString;
        return servers.FirstOrDefault();
    }

    public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        _tokens = tokens;
        return default;
    }

    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(_tokens ?? Given());

    private TokenContainer? Given() => refreshToken is null || _server is null
        ? null
        : new TokenContainer
        {
            TokenType = "Bearer",
            AccessToken = "",
            RefreshToken = refreshToken,
            ExpiresIn = 0,
            ObtainedAt = time.GetUtcNow().AddHours(-1),
            ClientId = clientId,
            ClientSecret = clientSecret,
            AuthorizationServer = _server,
        };
}
