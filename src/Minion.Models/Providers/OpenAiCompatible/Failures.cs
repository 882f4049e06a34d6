using System.ClientModel;
using System.Net.Sockets;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Turns what goes wrong on the way to an endpoint into what it means.</summary>
internal static class Failures
{
    /// <summary>Runs a part of a call; whatever the network throws becomes a <see cref="ModelException"/>.</summary>
    public static async ValueTask<T> GuardAsync<T>(Endpoint endpoint, Func<ValueTask<T>> part, CancellationToken cancellationToken)
    {
        try
        {
            return await part();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && IsExpected(error))
        {
            throw Explain(endpoint, error);
        }
        catch (Exception error) when (cancellationToken.IsCancellationRequested && error is not (OperationCanceledException or ModelException))
        {
            // A connection torn down by the cancellation fails in ways of its own.
            throw new OperationCanceledException("The call was cancelled.", error, cancellationToken);
        }
    }

    private static bool IsExpected(Exception error) => error
        is ClientResultException or HttpRequestException or IOException or SocketException or OperationCanceledException or TimeoutException or InvalidOperationException;

    private static ModelException Explain(Endpoint endpoint, Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return endpoint.UnknownHost();
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                    return endpoint.NoTls();
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError }:
                    return endpoint.NoHttp();
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return endpoint.Refused();
                case OperationCanceledException or TimeoutException:
                    return endpoint.NoConnection();
                case InvalidOperationException:
                    // What JsonElement.GetString throws for half a surrogate pair.
                    return endpoint.Invalid("holds text that is not Unicode");
            }
        }

        return endpoint.BrokeOff(Texts.Shorten(error.InnerException?.Message ?? error.Message, 200));
    }
}
