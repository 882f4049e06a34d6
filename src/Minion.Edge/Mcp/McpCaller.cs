using System.Security.Claims;
using System.Text;
using Minion.Contracts.Callers;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp;

/// <summary>The caller as the SDK carries users: with each message, and as the one whom a session belongs to.</summary>
internal sealed class McpCaller(Caller caller)
    : ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{caller.Tenant}/{caller.Principal}")], "minion"))
{
    // Of two UTF-16 code units each at most.
    private const int LongestClient = 100;

    public Caller Caller { get; } = caller;

    /// <summary>In whose name a request is made.</summary>
    public static Caller Of(MessageContext request) => request.User is McpCaller user
        ? user.Caller
        : throw new McpProtocolException("The request has no caller.", McpErrorCode.InvalidRequest);

    /// <summary>The program that makes a request, as it names itself: <c>name/version</c>, at most 200 characters.</summary>
    public static string ClientOf(MessageContext request)
    {
        if (request.Server.ClientInfo is not { } client)
        {
            return "";
        }

        var text = string.IsNullOrEmpty(client.Version) ? client.Name : $"{client.Name}/{client.Version}";
        var runes = text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? new Rune(' ') : rune);
        return string.Concat(runes.Take(LongestClient)).Trim();
    }
}
