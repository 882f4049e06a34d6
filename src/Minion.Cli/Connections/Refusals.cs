using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Cli.Connections;

/// <summary>What a status of the server, or the lack of one, means to a person.</summary>
internal static class Refusals
{
    private const long ProtocolError = 0x1; // RFC 9113, section 7
    private const long Http11Required = 0xd;
    private const string GrpcPort = "--server and MINION_SERVER take the gRPC port (5081 unless changed), not the HTTP one.";

    public static CliFailure Explain(RpcException exception, string address)
    {
        var details = FaultDetails.From(exception);
        if (details.Reason.Length > 0)
        {
            return new CliFailure(ExitCodes.Refused, details.Reason.ToLowerInvariant(), exception.Status.Detail, Hint(details), details.Fields);
        }

        return exception.StatusCode switch
        {
            StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown when Causes(exception).Any(IsNotGrpc) => new CliFailure(
                ExitCodes.Unreachable,
                "not_grpc",
                $"What answers at {address} does not speak gRPC.",
                GrpcPort),
            StatusCode.Unavailable => Unreachable(address),
            StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled when Causes(exception).Any(c => c is IOException or HttpRequestException) =>
                new CliFailure(
                    ExitCodes.Unreachable,
                    "lost",
                    $"The connection to {address} broke before the answer came.",
                    $"minion status shows whether the server is there; then try again. {GrpcPort}"),
            StatusCode.DeadlineExceeded => new CliFailure(
                ExitCodes.Unreachable,
                "no_answer",
                $"The server at {address} did not answer in time.",
                "minion status shows what it is doing, minion logs what it says; try again."),
            StatusCode.Unauthenticated => Refused(
                exception, $"The server at {address} does not know who is calling.", "Set MINION_API_KEY to one of the server's keys."),
            StatusCode.PermissionDenied => Refused(
                exception, "The server does not allow that.", "Use a key that may, or ask whoever runs the server."),
            StatusCode.Unimplemented => new CliFailure(
                ExitCodes.Refused,
                "unimplemented",
                $"The server at {address} does not have that call.",
                "minion version --with-server shows both versions: they should be the same."),
            StatusCode.Internal => Refused(exception, "The server failed.", "minion logs shows what the server says about it."),
            _ => Refused(exception, "The server refused the call.", ""),
        };
    }

    public static CliFailure Unreachable(string address) => new(
        ExitCodes.Unreachable,
        "unreachable",
        $"No Minion server answers at {address}.",
        new Uri(address).IsLoopback
            ? "Start one with ./minion up, or say where it is with --server or MINION_SERVER."
            : "Check the address (--server, MINION_SERVER), and that the server is up and can be reached from here.");

    /// <summary>Whether the same call may succeed a moment later: the server is away, or just coming back.</summary>
    public static bool MayPass(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.Aborted or StatusCode.DeadlineExceeded => true,
        // A connection that breaks in mid-stream; the server's own failures carry a reason.
        StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown => FaultDetails.From(exception).Reason.Length == 0,
        _ => false,
    };

    private static CliFailure Refused(RpcException exception, string otherwise, string hint) =>
        new(ExitCodes.Refused, Words(exception.StatusCode), exception.Status.Detail is { Length: > 0 } detail ? detail : otherwise, hint);

    private static string Hint(FaultDetails details) =>
        details.ErrorId.Length == 0 ? details.Hint : $"{details.Hint} The server's log has it under {details.ErrorId} (minion logs).".TrimStart();

    private static string Words(StatusCode status) =>
        string.Concat(status.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private static IEnumerable<Exception> Causes(RpcException exception)
    {
        for (var cause = exception.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static bool IsNotGrpc(Exception cause) => cause switch
    {
        HttpProtocolException { ErrorCode: ProtocolError or Http11Required } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError } => true,
        // A server of HTTP/1.1 that closes the connection; nothing but the text tells that.
        IOException => cause.Message.Contains("HTTP/2 handshake", StringComparison.Ordinal),
        _ => false,
    };
}
