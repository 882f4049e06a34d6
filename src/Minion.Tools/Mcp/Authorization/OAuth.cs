using System.Web;
using Minion.Tools.Mcp.Calls;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Sources;
using ModelContextProtocol.Authentication;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>How the SDK's client is authorized at a server. The flow itself, with PKCE (RFC 7636), is the SDK's.</summary>
internal sealed class OAuth(
    SourceDefinition definition, McpSettings settings, TenantSecrets secrets, ITokenStore? store, IMcpConsent? consent, TimeProvider time)
{
    /// <summary>Where consent leads back to; who asks a person reads the address, nothing listens there.</summary>
    private static readonly Uri Redirect = new("http://localhost:5080/mcp/consent");

    /// <summary>How long a person may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private SourceTokens? _tokens;

    /// <summary>The tokens that there are now.</summary>
    public IEnumerable<string> Sent => _tokens?.Sent ?? [];

    private McpOAuthSettings How => settings.OAuth!;

    /// <summary>For a connection of the source.</summary>
    public ClientOAuthOptions Options()
    {
        var tokens = Tokens();
        return Options(tokens, Redirect, Trusted(strictly: false), consent is null ? null : (page, token) => consent.AskAsync(definition.Name, page, token));
    }

    /// <summary>For a connection in which a person is asked.</summary>
    /// <param name="redirect">Where consent leads back to.</param>
    /// <param name="ask">Shows the page, and says where it led.</param>
    /// <exception cref="ToolSourceException">The settings have a token already.</exception>
    public ClientOAuthOptions Options(Uri redirect, Func<Uri, CancellationToken, Task<Uri?>> ask) => How.RefreshToken is null
        ? Options(new FreshTokens(Tokens()), redirect, Trusted(strictly: true), ask)
        : throw new ToolSourceException($"'{definition.Name}' has a refresh_token in its settings, which is used. Take it out of them before you authorize the source.");

    private ClientOAuthOptions Options(ITokenCache cache, Uri redirect, TrustedServers trusted, Func<Uri, CancellationToken, Task<Uri?>>? ask) => new()
    {
        RedirectUri = redirect,
        ClientId = Resolve(How.ClientId),
        ClientSecret = Resolve(How.ClientSecret),
        ClientMetadataDocumentUri = How.ClientMetadata is { } metadata ? new Uri(metadata) : null,
        Scopes = How.Scopes.Count > 0 ? How.Scopes : null,
        DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "Minion" },
        AuthServerSelector = servers =>
        {
            var chosen = trusted.Choose(servers);
            Tokens().AuthorizationServer = chosen?.OriginalString;
            return chosen;
        },
        TokenCache = cache,
        AuthorizationCallbackHandler = async (context, cancellationToken) => ask is null
            ? throw new ToolSourceException(
                $"'{definition.Name}' asks for a person's consent: an administrator gives it with 'minion tools sources authorize {definition.Name}'. "
                + "A refresh_token under oauth, or an Authorization header, does without, each with a reference to a variable.")
            : await ask(context.AuthorizationUri, cancellationToken) is { } led ? Read(led) : null,
    };

    private AuthorizationResult Read(Uri led)
    {
        var answer = HttpUtility.ParseQueryString(led.Query);
        return answer["error"] is { Length: > 0 } error
            ? throw new ToolSourceException($"'{definition.Name}' is not authorized: {ServerText.Clean($"{error} {answer["error_description"]}", 500)}")
            : new AuthorizationResult { Code = answer["code"], State = answer["state"], Iss = answer["iss"] };
    }

    private SourceTokens Tokens()
    {
        lock (_lock)
        {
            return _tokens ??= new SourceTokens(
                new TokenOwner(definition.Tenant, definition.Name, secrets.Resolve(settings.Url!)),
                How.RefreshToken is { } token ? new GivenToken(Resolve(How.ClientId), Resolve(How.ClientSecret), secrets.Resolve(token)) : null,
                store,
                time);
        }
    }

    private TrustedServers Trusted(bool strictly) => new(definition.Name, new Uri(secrets.Resolve(settings.Url!)), How, strictly);

    private string? Resolve(string? text) => text is null ? null : secrets.Resolve(text);
}
