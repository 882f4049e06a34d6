using System.Net;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Callers;

/// <summary>What the gate looks at.</summary>
/// <param name="Path">For gRPC <c>/package.Service/Method</c>.</param>
/// <param name="Host">The host of the request's authority, without its port.</param>
/// <param name="Origin">Null unless a browser sent it.</param>
/// <param name="Authorization">The header; null when absent.</param>
/// <param name="SignedCaller">The header <c>minion-caller-bin</c>; null when absent.</param>
/// <param name="RemoteAddress">Null for a connection that is no network connection.</param>
/// <param name="LocalAddress">Null for a connection that is no network connection.</param>
internal readonly record struct Knock(
    string Path, string Host, string? Origin, string? Authorization, string? SignedCaller, IPAddress? RemoteAddress, IPAddress? LocalAddress);

/// <summary>Decides who may call: the whole of it, without effects.</summary>
internal sealed class Gate(ApiKeys keys, Func<byte[]> callerKey)
{
    private const string Bearer = "Bearer ";

    /// <summary>The caller, or null for a path that needs none.</summary>
    /// <exception cref="Fault">UNAUTHENTICATED or PERMISSION_DENIED.</exception>
    public Caller? Admit(Knock knock, DateTimeOffset now)
    {
        if (!keys.Any)
        {
            RequireThisMachine(knock);
        }

        if (knock.SignedCaller is { } signed)
        {
            return Vouched(signed, knock.Path, now);
        }

        if (!keys.Any)
        {
            return ApiKeys.Owner;
        }

        if (HolderOfKey(knock.Authorization) is { } holder)
        {
            return holder;
        }

        return Paths.IsHealth(knock.Path) ? null : throw new Fault(
            StatusCode.Unauthenticated,
            knock.Authorization is null ? "API_KEY_MISSING" : "API_KEY_WRONG",
            knock.Authorization is null ? "The call carries no API key." : "The call's API key is none of the server's.",
            "Send the header 'authorization: Bearer KEY'; the CLI takes KEY from MINION_API_KEY.");
    }

    /// <summary>
    /// Without a key, whoever reaches the port may call; so it must be a program of this machine, and not a web page that talked a
    /// browser into it, be it directly (Origin) or under a name that resolves to this machine (Host; DNS rebinding).
    /// </summary>
    private static void RequireThisMachine(Knock knock)
    {
        if (knock.RemoteAddress is { } remote && !IPAddress.IsLoopback(remote) || knock.LocalAddress is { } local && !IPAddress.IsLoopback(local))
        {
            throw Refused("NOT_LOCAL", "Without an API key the server takes calls from its own machine only.");
        }

        if (!Paths.IsLoopbackName(knock.Host))
        {
            throw Refused("HOST_REFUSED", $"The server is not called '{Shorten(knock.Host)}'; without an API key it answers to localhost, 127.0.0.1 and [::1] only.");
        }

        if (knock.Origin is { } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && Paths.IsLoopbackName(from.Host)))
        {
            throw Refused("ORIGIN_REFUSED", $"Pages of '{Shorten(origin)}' may not call this server.");
        }
    }

    private Caller Vouched(string header, string path, DateTimeOffset now)
    {
        var verdict = Decode(header) is { } token
            ? SignedCaller.Verify(token, Paths.Audience(path), now, callerKey())
            : Verdict.Refuse("is not base64");
        return verdict.Caller ?? throw new Fault(
            StatusCode.Unauthenticated,
            "SIGNED_CALLER_REFUSED",
            $"The {CallerSigner.HeaderName} of the call {verdict.Refusal}.",
            "Only services send this header; they need the same Caller:Key or data folder, and clocks that agree.");
    }

    private Caller? HolderOfKey(string? authorization) =>
        authorization is not null && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? keys.HolderOf(authorization[Bearer.Length..].Trim())
            : null;

    private static byte[]? Decode(string header)
    {
        var padded = header.TrimEnd('=');
        padded = padded.PadRight(padded.Length + (4 - padded.Length % 4) % 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100];

    private static Fault Refused(string reason, string message) =>
        new(StatusCode.PermissionDenied, reason, message, "Set Authentication:ApiKey (or MINION_API_KEY) on the server to open it to others.");
}
