using System.Text.Json;
using Minion.Tools.Sources.Http;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>
/// What stands under <c>auth:</c>: a reference for the description's only scheme, references by the names of schemes, or a way of its own
/// as for the kind <c>http</c>.
/// </summary>
/// <param name="Own">The way of its own.</param>
/// <param name="Secrets">References by the names of schemes; with an empty name for the only one.</param>
internal sealed record OpenApiAuthentication(HttpAuthentication? Own, IReadOnlyList<KeyValuePair<string, string>> Secrets)
{
    public static OpenApiAuthentication Read(SettingsReader reader)
    {
        if (reader.Json("auth") is not { } given)
        {
            return new OpenApiAuthentication(null, []);
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            return new OpenApiAuthentication(null, [KeyValuePair.Create("", HttpAuthentication.Secret(reader, "auth"))]);
        }

        var settings = reader.Object("auth")!;
        return given.EnumerateObject().Any(member => HttpAuthentication.IsWay(member.Name) && member.Value.ValueKind == JsonValueKind.Object) || settings.Has("bearer")
            ? new OpenApiAuthentication(HttpAuthentication.Read(settings), [])
            : new OpenApiAuthentication(null, [.. given.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, HttpAuthentication.Secret(settings, member.Name)))]);
    }

    /// <summary>The ways in which requests say who sends them.</summary>
    /// <exception cref="ToolSourceException">The description has no such scheme, or none that can be used.</exception>
    public IReadOnlyList<HttpAuthentication> For(OpenApiDocument document)
    {
        if (Own is not null)
        {
            return [Own];
        }

        var schemes = OpenApiDocument.Member(document.Root, "components") is { } components
            ? OpenApiDocument.Members(components, "securitySchemes").DistinctBy(scheme => scheme.Name, StringComparer.Ordinal).ToDictionary(scheme => scheme.Name, scheme => scheme.Value, StringComparer.Ordinal)
            : [];
        return [.. Secrets.Select(secret => secret.Key.Length > 0 ? Named(document, schemes, secret.Key, secret.Value) : Only(document, schemes, secret.Value))];
    }

    private static HttpAuthentication Only(OpenApiDocument document, Dictionary<string, JsonElement> schemes, string secret)
    {
        var required = OpenApiDocument.Items(document.Root, "security").SelectMany(one => one.ValueKind == JsonValueKind.Object ? one.EnumerateObject().Select(scheme => scheme.Name) : []).FirstOrDefault();
        return schemes.Count switch
        {
            0 => new HttpAuthentication(AuthenticationKind.Bearer, "", secret),
            1 => Named(document, schemes, schemes.Keys.Single(), secret),
            _ when required is not null => Named(document, schemes, required, secret),
            _ => throw new ToolSourceException($"The description has several ways to authenticate; name one under 'auth': {string.Join(", ", schemes.Keys)}."),
        };
    }

    private static HttpAuthentication Named(OpenApiDocument document, Dictionary<string, JsonElement> schemes, string name, string secret)
    {
        if (!schemes.TryGetValue(name, out var declared))
        {
            throw new ToolSourceException($"The description has no way to authenticate called '{name}'; it has {(schemes.Count == 0 ? "none" : string.Join(", ", schemes.Keys))}.");
        }

        var scheme = Resolve(document, declared, name);
        return (OpenApiDocument.Text(scheme, "type"), OpenApiDocument.Text(scheme, "in"), OpenApiDocument.Text(scheme, "scheme").ToLowerInvariant()) switch
        {
            ("apiKey", "header", _) when HttpNames.IsToken(OpenApiDocument.Text(scheme, "name")) => new HttpAuthentication(AuthenticationKind.Header, OpenApiDocument.Text(scheme, "name"), secret),
            ("apiKey", "query", _) => new HttpAuthentication(AuthenticationKind.Query, OpenApiDocument.Text(scheme, "name"), secret),
            ("apiKey", "cookie", _) => new HttpAuthentication(AuthenticationKind.Cookie, OpenApiDocument.Text(scheme, "name"), secret),
            ("http", _, "basic") => new HttpAuthentication(AuthenticationKind.Basic, "", secret),
            ("http", _, "bearer") or ("oauth2", _, _) or ("openIdConnect", _, _) => new HttpAuthentication(AuthenticationKind.Bearer, "", secret),
            _ => throw new ToolSourceException($"The way to authenticate '{name}' of the description is not known; give 'header', 'query', 'bearer' or 'basic' under 'auth'."),
        };
    }

    private static JsonElement Resolve(OpenApiDocument document, JsonElement declared, string name)
    {
        try
        {
            return document.Resolve(declared);
        }
        catch (OpenApiException exception)
        {
            throw new ToolSourceException($"The way to authenticate '{name}' {exception.Message}.");
        }
    }
}
