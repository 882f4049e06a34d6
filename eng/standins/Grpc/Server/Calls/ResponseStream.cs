using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The responses of a call. A write waits while the client is slow, so that little is kept in memory.</summary>
internal sealed class ResponseStream<T>(HttpContextServerCallContext call, Marshaller<T> marshaller) : IServerStreamWriter<T>
    where T : class
{
    private WriteOptions? _options;

    public WriteOptions? WriteOptions
    {
        get => _options ?? call.WriteOptions;
        set => _options = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (call.Ended || call.CancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        if (!call.TryEnterWrite())
        {
            throw new InvalidOperationException(call.Ended
                ? "Can't write the message because the request is complete."
                : "Can't write the message because the previous write is in progress.");
        }

        try
        {
            var flush = (WriteOptions?.Flags & WriteFlags.BufferHint) != WriteFlags.BufferHint;

            // Not the token of the call: a flush that is cancelled resets the stream as an internal error. When the call is cancelled,
            // or ends at its deadline, the stream is reset, and that ends the flush too.
            await call.WriteAsync(
                message, marshaller, WriteOptions, flush, cancellationToken == call.CancellationToken ? CancellationToken.None : cancellationToken);
        }
        finally
        {
            call.ExitWrite();
        }
    }
}
