using Minion.Tools.Mcp.Calls;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Network;
using Minion.Tools.Sources;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>
/// Which authorization server is sent client secrets and tokens. A server names it in its own answers, so its word alone is not enough: it must be the one
/// of the source's settings, or stand at the server's own origin.
/// </summary>
/// <param name="source">The source's name.</param>
/// <param name="url">Where the server is.</param>
/// <param name="settings">What an administrator said of it.</param>
/// <param name="strictly">Also where the settings have no secrets: what comes of it is kept.</param>
internal sealed class TrustedServers(string source, Uri url, McpOAuthSettings settings, bool strictly)
{
    /// <exception cref="ToolSourceException">None of them is to be trusted; says what to do.</exception>
    public Uri? Choose(IReadOnlyList<Uri> servers)
    {
        var named = settings.AuthorizationServer;
        if (named is null && !settings.SendsSecrets && !strictly)
        {
            return servers.Count > 0 ? servers[0] : null;
        }

        return servers.FirstOrDefault(server => named is null ? Urls.SameOrigin(server, url) : IsSame(server, named)) ?? throw new ToolSourceException(
            named is null
                ? $"'{source}' leads to {Shown(servers)} to be authorized, which is elsewhere than its own url: secrets are not sent there. "
                  + "If that is right, name it in the source's settings, under oauth: authorization_server."
                : $"'{source}' leads to {Shown(servers)} to be authorized, and not to '{named}' as its settings say (oauth: authorization_server). Nothing was sent there.");
    }

    private static bool IsSame(Uri server, string named) => string.Equals(server.AbsoluteUri.TrimEnd('/'), new Uri(named).AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

    private static string Shown(IReadOnlyList<Uri> servers) => string.Join(", ", servers.Take(3).Select(server => $"'{ServerText.Clean(server.AbsoluteUri, 200)}'"));
}
