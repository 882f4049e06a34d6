using Minion.Tools.Sources;
using ModelContextProtocol.Authentication;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>The tokens of a source, for all its connections; in memory only. It may begin with a refresh token from the settings.</summary>
internal sealed class SourceTokens(TrustedServers trusted, string? clientId, string? clientSecret, string? refreshToken, TimeProvider time) : ITokenCache
{
    private volatile TokenContainer? _tokens;
    private volatile string? _server;

    /// <summary>Those that there are now.</summary>
    public IEnumerable<string> Sent => _tokens is { } tokens ? [tokens.AccessToken, tokens.RefreshToken ?? "", tokens.ClientSecret ?? ""] : [];

    /// <summary>The authorization server to ask, of those that the server names; the refresh token is for it.</summary>
    /// <exception cref="ToolSourceException">None of them is to be trusted.</exception>
    public Uri? Choose(IReadOnlyList<Uri> servers)
    {
        var chosen = trusted.Choose(servers);
        _server = chosen?.OriginalString;
        return chosen;
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
