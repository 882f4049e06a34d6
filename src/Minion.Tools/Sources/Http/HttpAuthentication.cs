using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.Http;

/// <summary>How requests of a source say who sends them.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Name">Of the header, parameter or cookie.</param>
/// <param name="Value">The secret as a reference; for <see cref="AuthenticationKind.Basic"/> name and password with a colon.</param>
internal sealed record HttpAuthentication(AuthenticationKind Kind, string Name, string Value)
{
    private static readonly string[] Ways = ["bearer", "basic", "header", "query", "cookie"];

    /// <summary>Whether the settings name a way themselves, and not one of an API's own.</summary>
    public static bool IsWay(string key) => Ways.Contains(key);

    /// <summary>One of <c>bearer: …</c>, <c>basic: { username, password }</c>, <c>header|query|cookie: { name, value }</c>; null when there is none.</summary>
    public static HttpAuthentication? Read(SettingsReader? settings)
    {
        if (settings is null)
        {
            return null;
        }

        var given = Ways.Where(settings.Has).ToList();
        if (!settings.Check(given.Count == 1, "", $"must have exactly one of {string.Join(", ", Ways)}."))
        {
            return null;
        }

        return given[0] switch
        {
            "bearer" => new HttpAuthentication(AuthenticationKind.Bearer, "", Secret(settings, "bearer")),
            "basic" => settings.Object("basic") is { } basic ? Basic(basic) : null,
            "header" => Named(settings, "header", AuthenticationKind.Header),
            "query" => Named(settings, "query", AuthenticationKind.Query),
            _ => Named(settings, "cookie", AuthenticationKind.Cookie),
        };
    }

    /// <summary>A text that must refer to a variable.</summary>
    public static string Secret(SettingsReader settings, string key)
    {
        var text = settings.Text(key, required: true);
        settings.Check(
            text.Length == 0 || text.Contains("${", StringComparison.Ordinal),
            key,
            "must refer to a variable of the server's environment, such as ${SHOP_TOKEN}; secrets themselves are not stored.");
        return text;
    }

    /// <summary>Puts it on the request.</summary>
    /// <exception cref="ToolSourceException">The secret is not there.</exception>
    public void Apply(HttpRequestMessage request, TenantSecrets secrets)
    {
        var value = secrets.Resolve(Value).Trim();
        switch (Kind)
        {
            case AuthenticationKind.Bearer:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", value);
                break;
            case AuthenticationKind.Basic:
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(value)));
                break;
            case AuthenticationKind.Header:
                request.Headers.Remove(Name);
                request.Headers.TryAddWithoutValidation(Name, value);
                break;
            case AuthenticationKind.Query:
                var builder = new UriBuilder(request.RequestUri!);
                var query = new StringBuilder(builder.Query.TrimStart('?'));
                HttpRequests.Append(query, [KeyValuePair.Create(Name, value)]);
                builder.Query = query.ToString();
                request.RequestUri = builder.Uri;
                break;
            default:
                request.Headers.TryAddWithoutValidation("Cookie", $"{Name}={value}");
                break;
        }
    }

    private static HttpAuthentication Basic(SettingsReader basic)
    {
        var read = new HttpAuthentication(AuthenticationKind.Basic, "", $"{basic.Text("username", required: true)}:{Secret(basic, "password")}");
        basic.Done();
        return read;
    }

    private static HttpAuthentication? Named(SettingsReader settings, string key, AuthenticationKind kind)
    {
        if (settings.Object(key) is not { } named)
        {
            return null;
        }

        var read = new HttpAuthentication(kind, named.Text("name", longest: 200, required: true), Secret(named, "value"));
        named.Check(HttpNames.IsToken(read.Name), "name", "must be a name of letters, digits and -_. without spaces.");
        named.Done();
        return read;
    }
}

internal enum AuthenticationKind
{
    Bearer,
    Basic,
    Header,
    Query,
    Cookie,
}
