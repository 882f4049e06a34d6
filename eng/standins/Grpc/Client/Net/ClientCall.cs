using System.IO.Compression;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.Net.Client;

internal interface IClientCall : IDisposable
{
    Task<Metadata> ReadHeadersAsync();

    Status GetStatus();

    Metadata GetTrailers();
}

/// <summary>
/// One call: an HTTP/2 request whose body is the requests and whose answer's body is the responses. It ends once, with the first
/// status that is known: the server's trailers, a failure on the way, the deadline, or the caller's cancellation.
/// </summary>
internal sealed class ClientCall<TRequest, TResponse> : IClientCall
    where TRequest : class
    where TResponse : class
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly GrpcChannel _channel;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancellation;
    private Task<HttpResponseMessage>? _sending;
    private HttpResponseMessage? _response;
    private FrameReader? _frames;
    private TaskCompletionSource? _ending;
    private Metadata? _trailers;
    private CancellationTokenRegistration _watching;
    private Status _status;
    private bool _ended;
    private bool _answered;
    private bool _cancelledByCaller;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        channel.ThrowIfDisposed();
        _channel = channel;
        Method = method;
        Host = host;
        Options = options;
        _cancellation = options.CancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(channel.Disposed, options.CancellationToken)
            : CancellationTokenSource.CreateLinkedTokenSource(channel.Disposed);
        Cancelled = _cancellation.Token;
        RequestGzip = options.Headers?.GetValue(WireNames.RequestEncodingKey) == WireNames.Gzip;
    }

    public Method<TRequest, TResponse> Method { get; }

    public string? Host { get; }

    public CallOptions Options { get; }

    /// <summary>Ends everything that is under way for this call.</summary>
    public CancellationToken Cancelled { get; }

    public bool RequestGzip { get; }

    public bool Ended
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }

    /// <summary>A task that nobody awaits, because another one has told of the end, must not be an unobserved exception.</summary>
    public static void Observe(Task task) => _ = task.ContinueWith(
        static t => _ = t.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Sends the request; the answer is awaited by whoever reads it.</summary>
    public void Start(HttpContent content)
    {
        TimeSpan? timeout = null;
        if (Options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            timeout = deadline.ToUniversalTime() - DateTime.UtcNow;
            if (timeout <= TimeSpan.Zero)
            {
                End(DeadlineExceeded(), Metadata.Empty);
                _sending = Task.FromException<HttpResponseMessage>(CreateException());
                Observe(_sending);
                return;
            }

            _cancellation.CancelAfter(timeout.Value < LongestTimer ? timeout.Value : LongestTimer);
        }

        _sending = SendAsync(RequestHeaders.Create(_channel.AddressOf(Method), Host, Options.Headers, timeout, RequestGzip, content));
        if (Method.Type is MethodType.ServerStreaming or MethodType.DuplexStreaming)
        {
            Observe(_sending);
            _watching = Cancelled.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).EndUnread(), this);
        }
    }

    public IAsyncStreamReader<TResponse> Responses() => new ResponseStream<TRequest, TResponse>(this);

    /// <summary>The one response, once the call has ended well.</summary>
    public async Task<TResponse> ReadSingleAsync()
    {
        var response = await ReadNextAsync();
        if (response is not null && await ReadNextAsync() is not null)
        {
            throw Abandon(Errors.Internal("The server sent more than one response to a call that has one."), "");
        }

        return response!;
    }

    /// <summary>The next response; null when the call has ended well.</summary>
    public async ValueTask<TResponse?> ReadNextAsync()
    {
        await _sending!;
        if (Ended)
        {
            return _status.StatusCode == StatusCode.OK ? null : throw CreateException();
        }

        try
        {
            _frames ??= new FrameReader(
                await _response!.Content.ReadAsStreamAsync(Cancelled), _channel.Options.MaxReceiveMessageSize, ResponseStatus.EncodingOf(_response));
            if (await _frames.MoveNextAsync(Cancelled))
            {
                var message = _frames.Read(Method.ResponseMarshaller);
                _answered = true;
                return message;
            }

            var (status, trailers) = ResponseStatus.FromTrailers(_response!);
            End(status, trailers);
        }
        catch (Exception exception)
        {
            throw Fail(exception, "Error reading next message.");
        }

        return _status.StatusCode == StatusCode.OK ? null : throw CreateException();
    }

    public async Task<Metadata> ReadHeadersAsync() => ResponseStatus.MetadataOf((await _sending!).Headers.NonValidated);

    public Status GetStatus() => Ended
        ? _status
        : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => Ended
        ? _trailers!
        : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public Task EndedAsync()
    {
        lock (_lock)
        {
            _ending ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_ended)
            {
                _ending.TrySetResult();
            }

            return _ending.Task;
        }
    }

    /// <summary>What the caller sees of the status with which the call ended.</summary>
    public Exception CreateException()
    {
        var exception = new RpcException(_status, _trailers!);
        return _channel.Options.ThrowOperationCanceledOnCancellation && _status.StatusCode is (StatusCode.Cancelled or StatusCode.DeadlineExceeded)
            ? new OperationCanceledException(_status.Detail, exception, Options.CancellationToken)
            : exception;
    }

    /// <summary>Ends the call because of a failure on this side or on the way; the first status stays. What to throw comes back.</summary>
    public Exception Fail(Exception exception, string doing)
    {
        if (!Ended)
        {
            End(StatusOf(exception, doing), (exception as RpcException)?.Trailers ?? Metadata.Empty);
        }

        return CreateException();
    }

    /// <summary>As <see cref="Fail"/>, and tells the server.</summary>
    public Exception Abandon(Exception exception, string doing)
    {
        End(StatusOf(exception, doing), Metadata.Empty, cancel: true);
        return CreateException();
    }

    /// <summary>Waits for the end when somebody is reading towards it; a stream of responses is read by the caller, in his time.</summary>
    public Task EndedBehindWriterAsync() => Method.Type == MethodType.ClientStreaming ? EndedAsync() : Task.CompletedTask;

    public MessageSerializer Serialize(TRequest request, WriteOptions? options)
    {
        var plain = !RequestGzip || (options?.Flags & WriteFlags.NoCompress) == WriteFlags.NoCompress;
        return MessageSerializer.Serialize(
            request, Method.RequestMarshaller, _channel.Options.MaxSendMessageSize, plain ? null : CompressionLevel.Fastest);
    }

    /// <summary>The token of a single read or write ends the whole call, as the call's own token does.</summary>
    public void CancelByCaller()
    {
        _cancelledByCaller = true;
        Cancel();
    }

    private void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose()
    {
        if (!Ended)
        {
            _cancelledByCaller = true;
            End(new Status(StatusCode.Cancelled, "The call was disposed before it ended."), Metadata.Empty, cancel: true);
        }
    }

    private static Status DeadlineExceeded() => new(StatusCode.DeadlineExceeded, "The call did not end before its deadline.");

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            var response = await _channel.SendAsync(request, Cancelled);
            if (ResponseStatus.Of(response) is { } known)
            {
                End(known.Status, known.Trailers);
                response.Dispose();
                return known.IsAnswer ? response : throw CreateException();
            }

            lock (_lock)
            {
                _response = response;
                if (!_ended)
                {
                    return response;
                }
            }

            response.Dispose();
            throw CreateException();
        }
        catch (Exception exception)
        {
            throw Fail(exception, "Error starting gRPC call.");
        }
    }

    // The server hears of a cancellation or deadline at once, even while nobody reads.
    private void EndUnread() => Fail(new OperationCanceledException(), "");

    private void End(Status status, Metadata trailers, bool cancel = false)
    {
        if (status.StatusCode == StatusCode.OK && !_answered && Method.Type is (MethodType.Unary or MethodType.ClientStreaming))
        {
            status = new Status(StatusCode.Internal, "The call ended well, but without a response.");
        }

        TaskCompletionSource? ending;
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _status = status;
            _trailers = trailers;
            _ended = true;
            ending = _ending;
        }

        if (cancel)
        {
            Cancel();
        }

        ending?.TrySetResult();
        _response?.Dispose();
        _frames?.Release();
        _watching.Unregister();
        _cancellation.Dispose();
    }

    private Status StatusOf(Exception exception, string doing)
    {
        if (Cancelled.IsCancellationRequested && exception is not RpcException)
        {
            return Options.CancellationToken.IsCancellationRequested || _channel.Disposed.IsCancellationRequested || _cancelledByCaller
                ? new Status(StatusCode.Cancelled, "Call canceled by the client.", exception)
                : DeadlineExceeded();
        }

        return FailureStatus.Of(exception, doing);
    }
}
