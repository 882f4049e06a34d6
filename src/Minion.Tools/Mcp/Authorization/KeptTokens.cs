using System.Text.Json.Serialization;
using ModelContextProtocol.Authentication;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>Tokens as they are kept, with the registration that they were given to.</summary>
internal sealed record KeptTokens
{
    /// <summary>The form of this record.</summary>
    public int Version { get; init; } = 1;

    public required string TokenType { get; init; }

    public required string AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>Seconds after <see cref="ObtainedAt"/>; null when nobody has said.</summary>
    public int? ExpiresIn { get; init; }

    public string? Scope { get; init; }

    public required DateTimeOffset ObtainedAt { get; init; }

    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public string? TokenEndpointAuthMethod { get; init; }

    /// <summary>Who gave them, and is asked for new ones.</summary>
    public string? AuthorizationServer { get; init; }

    public static KeptTokens Of(TokenContainer tokens) => new()
    {
        TokenType = tokens.TokenType,
        AccessToken = tokens.AccessToken,
        RefreshToken = tokens.RefreshToken,
        ExpiresIn = tokens.ExpiresIn,
        Scope = tokens.Scope,
        ObtainedAt = tokens.ObtainedAt,
        ClientId = tokens.ClientId,
        ClientSecret = tokens.ClientSecret,
        TokenEndpointAuthMethod = tokens.TokenEndpointAuthMethod,
        AuthorizationServer = tokens.AuthorizationServer,
    };

    public TokenContainer ToTokens() => new()
    {
        TokenType = TokenType,
        AccessToken = AccessToken,
        RefreshToken = RefreshToken,
        ExpiresIn = ExpiresIn,
        Scope = Scope,
        ObtainedAt = ObtainedAt,
        ClientId = ClientId,
        ClientSecret = ClientSecret,
        TokenEndpointAuthMethod = TokenEndpointAuthMethod,
        AuthorizationServer = AuthorizationServer,
    };
}

/// <summary>Source-generated serialization of kept tokens.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptTokens))]
internal sealed partial class TokenJson : JsonSerializerContext;
