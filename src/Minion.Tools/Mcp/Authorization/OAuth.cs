using System.Web;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Sources;
using ModelContextProtocol.Authentication;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>How the SDK's client is authorized at a server. The flow itself is the SDK's.</summary>
internal sealed class OAuth(string source, string url, McpOAuthSettings settings, TenantSecrets secrets, IMcpConsent? consent, TimeProvider time)
{
    /// <summary>Where consent leads back to; who asks a person reads the address, nothing listens there.</summary>
    private static readonly Uri Redirect = new("http://localhost:5080/mcp/consent");

    private SourceTokens? _tokens;

    /// <summary>The tokens that there are now.</summary>
    public IEnumerable<string> Sent => _tokens?.Sent ?? [];

    public ClientOAuthOptions Options()
    {
        var (id, secret) = (Resolve(settings.ClientId), Resolve(settings.ClientSecret));
        _tokens ??= new SourceTokens(new TrustedServers(source, new Uri(secrets.Resolve(url)), settings), id, secret, Resolve(settings.RefreshToken), time);
        return new ClientOAuthOptions
        {
            RedirectUri = Redirect,
            ClientId = id,
            ClientSecret = secret,
            ClientMetadataDocumentUri = settings.ClientMetadata is { } metadata ? new Uri(metadata) : null,
            Scopes = settings.Scopes.Count > 0 ? settings.Scopes : null,
            DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "Minion" },
            AuthServerSelector = _tokens.Choose,
            TokenCache = _tokens,
            AuthorizationCallbackHandler = AskAsync,
        };
    }

    private async Task<AuthorizationResult?> AskAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
    {
        if (consent is null)
        {
            throw new ToolSourceException(
                $"'{source}' asks for a person's consent. Give it a token: refresh_token under oauth, or an Authorization header, each with a reference to a variable.");
        }

        if (await consent.AskAsync(source, context.AuthorizationUri, cancellationToken) is not { } led)
        {
            return null;
        }

        var answer = HttpUtility.ParseQueryString(led.Query);
        return new AuthorizationResult { Code = answer["code"], State = answer["state"], Iss = answer["iss"] };
    }

    private string? Resolve(string? text) => text is null ? null : secrets.Resolve(text);
}
