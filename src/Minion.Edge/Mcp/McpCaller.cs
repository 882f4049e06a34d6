using System.Security.Claims;
using Minion.Contracts.Callers;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp;

/// <summary>The caller as the SDK carries users: with each message, and as the one whom a session belongs to.</summary>
internal sealed class McpCaller(Caller caller)
    : ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{caller.Tenant}/{caller.Principal}")], "minion"))
{
    public Caller Caller { get; } = caller;

    /// <summary>In whose name a request is made.</summary>
    public static Caller Of(MessageContext request) => request.User is McpCaller user
        ? user.Caller
        : throw new McpProtocolException("The request has no caller.", McpErrorCode.InvalidRequest);
}
