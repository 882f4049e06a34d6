using ModelContextProtocol.Authentication;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>
/// The tokens of a source, for all its connections. They begin with a refresh token from the settings, and are in memory only then; else they are those
/// that a person's consent has brought, and kept.
/// </summary>
/// <param name="owner">Whose they are.</param>
/// <param name="given">What the settings say: a client and a refresh token; null without a refresh token.</param>
/// <param name="store">Keeps them; null for memory only.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceTokens(TokenOwner owner, GivenToken? given, ITokenStore? store, TimeProvider time) : ITokenCache
{
    /// <summary>Between two looks for what another process may have kept.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private volatile TokenContainer? _tokens;
    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    /// <summary>Those that there are now.</summary>
    public IEnumerable<string> Sent => _tokens is { } tokens ? [tokens.AccessToken, tokens.RefreshToken ?? "", tokens.ClientSecret ?? ""] : [];

    /// <summary>The authorization server that the server leads to; the refresh token of the settings is for it.</summary>
    public string? AuthorizationServer { get; set; }

    public async ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        _tokens = tokens;
        if (given is null && store is not null)
        {
            await store.WriteAsync(owner, KeptTokens.Of(tokens), cancellationToken);
        }
    }

    public async ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken)
    {
        var tokens = _tokens;
        if (given is not null)
        {
            return tokens ?? Given(given);
        }

        if (tokens is not null && (tokens.ExpiresIn is not { } seconds || time.GetUtcNow() < tokens.ObtainedAt.AddSeconds(seconds)))
        {
            return tokens;
        }

        if (store is not null && time.GetUtcNow() - _looked > Pause)
        {
            _looked = time.GetUtcNow();
            if (await store.ReadAsync(owner, cancellationToken) is { } kept && (tokens is null || kept.ObtainedAt > tokens.ObtainedAt))
            {
                _tokens = tokens = kept.ToTokens();
            }
        }

        return tokens;
    }

    private TokenContainer? Given(GivenToken token) => AuthorizationServer is null
        ? null
        : new TokenContainer
        {
            TokenType = "Bearer",
            AccessToken = "",
            RefreshToken = token.RefreshToken,
            ExpiresIn = 0,
            ObtainedAt = time.GetUtcNow().AddHours(-1),
            ClientId = token.ClientId,
            ClientSecret = token.ClientSecret,
            AuthorizationServer = AuthorizationServer,
        };
}

/// <summary>A refresh token of the settings, and the client that it was given to.</summary>
internal sealed record GivenToken(string? ClientId, string? ClientSecret, string RefreshToken);
