using System.Net.Sockets;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>From an exception on the way to a status.</summary>
internal static class FailureStatus
{
    public static Status Of(Exception exception, string doing)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case RpcException rpc:
                    return rpc.Status;
                case HttpProtocolException protocol:
                    return new Status(CodeOf(protocol.ErrorCode), Sentence(doing, exception), exception);
            }
        }

        return new Status(IsConnectionLost(exception) ? StatusCode.Unavailable : StatusCode.Internal, Sentence(doing, exception), exception);
    }

    private static bool IsConnectionLost(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException or IOException
                || e is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.ProxyTunnelError,
                })
            {
                return true;
            }
        }

        return false;
    }

    private static string Sentence(string doing, Exception exception)
    {
        var innermost = exception.GetBaseException();
        return innermost.Message == exception.Message || exception.Message.Contains(innermost.Message, StringComparison.Ordinal)
            ? $"{doing} {exception.Message}"
            : $"{doing} {exception.Message} {innermost.Message}";
    }

    // RFC 9113, section 7; grpc/doc/PROTOCOL-HTTP2.md, "Errors"
    private static StatusCode CodeOf(long http2Error) => http2Error switch
    {
        0x7 => StatusCode.Unavailable,
        0x8 => StatusCode.Cancelled,
        0xb => StatusCode.ResourceExhausted,
        0xc => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };
}
