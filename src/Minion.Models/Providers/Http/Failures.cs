using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Minion.Models.Providers.Http;

/// <summary>Turns what goes wrong on the way to an endpoint into what it means.</summary>
internal static class Failures
{
    /// <summary>The same answer; whatever the network throws becomes a <see cref="ModelException"/>.</summary>
    public static async IAsyncEnumerable<T> GuardAsync<T>(
        Endpoint endpoint, IAsyncEnumerable<T> answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var parts = answer.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            yield return parts.Current;
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await parts.MoveNextAsync();
            }
            catch (Exception error)
            {
                if (Explain(endpoint, error, cancellationToken) is { } explained)
                {
                    throw explained;
                }

                throw;
            }
        }
    }

    /// <summary>What an exception means; null when it means itself.</summary>
    public static Exception? Explain(Endpoint endpoint, Exception error, CancellationToken cancellationToken)
    {
        if (error is ModelException)
        {
            return null;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // A connection torn down by the cancellation fails in ways of its own.
            return error is OperationCanceledException ? null : new OperationCanceledException("The call was cancelled.", error, cancellationToken);
        }

        return IsExpected(error) ? Meaning(endpoint, error) : null;
    }

    private static bool IsExpected(Exception error) => error
        is HttpRequestException or IOException or SocketException or OperationCanceledException or TimeoutException or InvalidOperationException;

    private static ModelException Meaning(Endpoint endpoint, Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ModelException known:
                    return known;
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
