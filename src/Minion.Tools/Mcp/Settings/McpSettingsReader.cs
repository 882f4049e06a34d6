using System.Text.Json;
using System.Text.RegularExpressions;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Mcp.Settings;

/// <summary>Reads what stands under <c>mcp:</c>.</summary>
internal static partial class McpSettingsReader
{
    private static readonly string[] Protocols = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

    /// <summary>Those that the protocol itself sets.</summary>
    private static readonly string[] ReservedHeaders =
        ["accept", "connection", "content-length", "content-type", "host", "last-event-id", "mcp-method", "mcp-name", "mcp-protocol-version", "mcp-session-id", "transfer-encoding"];

    /// <summary>The settings, and everything that is wrong with them.</summary>
    public static (McpSettings Settings, IReadOnlyList<SourceProblem> Problems) Read(JsonElement json)
    {
        var problems = new List<SourceProblem>();
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (new McpSettings(), [new SourceProblem("", "must have command, or url.")]);
        }

        var reader = new SettingsReader(json, "", problems);
        var settings = new McpSettings
        {
            Command = Optional(reader, "command"),
            Arguments = reader.Texts("args"),
            Environment = Map(reader, "env"),
            Folder = Optional(reader, "cwd"),
            Url = Optional(reader, "url"),
            Headers = Map(reader, "headers"),
            OAuth = reader.Object("oauth") is { } oauth ? ReadOAuth(oauth) : null,
            Protocol = Optional(reader, "protocol"),
            Tools = reader.Texts("tools"),
            TrustAnnotations = reader.Flag("trust_annotations", otherwise: false),
            Resources = reader.Flag("resources", otherwise: true),
            Prompts = reader.Flag("prompts", otherwise: true),
            StartTimeout = reader.Time("start_timeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            Timeout = reader.Time("timeout", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        };
        Check(settings, reader);
        reader.Done();
        return (settings, problems);
    }

    private static string? Optional(SettingsReader reader, string key)
    {
        var text = reader.Text(key);
        return reader.Check(!text.Contains('\0', StringComparison.Ordinal), key, "must not have a NUL character.") && text.Length > 0 ? text : null;
    }

    private static Dictionary<string, string> Map(SettingsReader reader, string key) => reader.Map(key).ToDictionary(StringComparer.Ordinal);

    private static McpOAuthSettings ReadOAuth(SettingsReader reader)
    {
        var settings = new McpOAuthSettings
        {
            ClientId = Optional(reader, "client_id"),
            ClientSecret = Optional(reader, "client_secret"),
            ClientMetadata = Optional(reader, "client_metadata"),
            Scopes = reader.Texts("scopes"),
            AuthorizationServer = Optional(reader, "authorization_server"),
            RefreshToken = Optional(reader, "refresh_token"),
        };
        CheckSecret(reader, "client_secret", settings.ClientSecret);
        CheckSecret(reader, "refresh_token", settings.RefreshToken);
        reader.Check(settings.ClientSecret is null || settings.ClientId is not null, "client_id", "must be given with a client_secret.");
        reader.Check(settings.AuthorizationServer is not { } server || IsUrl(server), "authorization_server", "must be an http or https URL without a user name.");
        reader.Check(
            settings.ClientMetadata is not { } url || (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttps),
            "client_metadata",
            "must be an https URL.");
        reader.Done();
        return settings;
    }

    private static void Check(McpSettings settings, SettingsReader reader)
    {
        if (settings.Command is null == settings.Url is null)
        {
            reader.Problem("", "must have either command (a program to start) or url (a server to call).");
        }

        foreach (var (key, used) in new[] { ("args", settings.Arguments.Count > 0), ("env", settings.Environment.Count > 0), ("cwd", settings.Folder is not null) })
        {
            Belongs(reader, key, used, settings.Command is not null, "command");
        }

        foreach (var (key, used) in new[] { ("headers", settings.Headers.Count > 0), ("oauth", settings.OAuth is not null) })
        {
            Belongs(reader, key, used, settings.Url is not null, "url");
        }

        foreach (var name in settings.Environment.Keys.Where(name => !VariableName().IsMatch(name)))
        {
            reader.Problem("env", $"has '{Shown(name)}', which is no name of a variable.");
        }

        foreach (var name in settings.Headers.Keys.Where(name => !HeaderName().IsMatch(name) || ReservedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            reader.Problem("headers", $"has '{Shown(name)}', which is no header that can be set here.");
        }

        foreach (var (name, _) in settings.Headers.Where(header => header.Value.Any(char.IsControl)))
        {
            reader.Problem("headers", $"has control characters in the value of '{Shown(name)}'.");
        }

        if (settings.Url is { } url && !url.Contains("${", StringComparison.Ordinal) && !IsUrl(url))
        {
            reader.Problem("url", "must be an http or https URL without a user name.");
        }

        if (settings.Protocol is { } protocol && !Protocols.Contains(protocol))
        {
            reader.Problem("protocol", $"must be one of {string.Join(", ", Protocols)}.");
        }
    }

    /// <summary>Whether the text is an address of a server.</summary>
    public static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0;

    private static void Belongs(SettingsReader reader, string key, bool used, bool fits, string other)
    {
        if (used && !fits)
        {
            reader.Problem(key, $"goes only with {other}.");
        }
    }

    private static void CheckSecret(SettingsReader reader, string key, string? value)
    {
        if (value is not null && !Reference().IsMatch(value))
        {
            reader.Problem(key, "must be a reference like ${SERVICE_TOKEN} to a variable of the server's environment; secrets are not kept in files.");
        }
    }

    private static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "…";

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,199}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"^\$\{[A-Z][A-Z0-9_]{0,199}\}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
