using System.Net;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.Net.Client;

/// <summary>The requests of a call. A write that fails because the call has ended reports the status of the call.</summary>
internal sealed class RequestStream<TRequest, TResponse> : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly ClientCall<TRequest, TResponse> _call;
    private readonly Body _body;
    private bool _completed;
    private int _writing;

    public RequestStream(ClientCall<TRequest, TResponse> call)
    {
        _call = call;
        _body = new Body(call);
        WriteOptions = call.Options.WriteOptions;
    }

    public HttpContent Content => _body;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_completed)
        {
            throw new InvalidOperationException("Request stream has already been completed.");
        }

        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            using var cancelled = cancellationToken.UnsafeRegister(static c => ((ClientCall<TRequest, TResponse>)c!).CancelByCaller(), _call);
            if (_call.Ended)
            {
                throw _call.CreateException();
            }

            await SendAsync(message);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        _completed = true;
        _body.Complete();
        return Task.CompletedTask;
    }

    private async Task SendAsync(TRequest message)
    {
        using var serialized = Serialize(message);
        try
        {
            var stream = await _body.OpenAsync();
            await stream.WriteAsync(serialized.Frame, _call.Cancelled);
            if ((WriteOptions?.Flags & WriteFlags.BufferHint) != WriteFlags.BufferHint)
            {
                await stream.FlushAsync(_call.Cancelled);
            }
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw await ReasonAsync(exception);
        }
    }

    private MessageSerializer Serialize(TRequest message)
    {
        try
        {
            return _call.Serialize(message, WriteOptions);
        }
        catch (Exception exception)
        {
            throw _call.Abandon(exception, "Error serializing the request.");
        }
    }

    // The server may answer before the requests end, and then wants no more of them: what failed the write is the end of the call.
    private async Task<Exception> ReasonAsync(Exception exception)
    {
        if (_call.Cancelled.IsCancellationRequested)
        {
            return _call.Fail(exception, "Error writing message.");
        }

        await _call.EndedBehindWriterAsync();
        return _call.Ended
            ? _call.CreateException()
            : new RpcException(new Status(StatusCode.Cancelled, "The server wants no more requests; the status of the call follows its last response.", exception));
    }

    private sealed class Body(ClientCall<TRequest, TResponse> call) : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<Stream> OpenAsync()
        {
            if (!_open.Task.IsCompleted)
            {
                await Task.WhenAny(_open.Task, call.EndedAsync());
            }

            return _open.Task.IsCompleted ? await _open.Task : throw call.CreateException();
        }

        public void Complete() => _complete.TrySetResult();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            // The headers go at once: the server may answer before the first request.
            await stream.FlushAsync(cancellationToken);
            if (!_open.TrySetResult(stream))
            {
                throw new IOException("The connection was lost after requests had been sent; they cannot be sent again.");
            }

            await _complete.Task.WaitAsync(cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
