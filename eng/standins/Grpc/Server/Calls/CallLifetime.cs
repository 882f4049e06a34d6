using Grpc.Core;
using Grpc.StandIn.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// When a call ends. Either its method returns first, or its deadline passes first; who is first ends it, the other one does nothing.
/// </summary>
internal sealed partial class HttpContextServerCallContext : IAsyncDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    // A write, or trailers, that take longer than this wait for a client that takes nothing.
    private static readonly TimeSpan WritePatience = TimeSpan.FromMilliseconds(200);

    private CancellationTokenSource? _deadlineSource;
    private TaskCompletionSource? _deadlineDone;
    private Timer? _deadlineTimer;
    private CancellationToken _token;
    private DateTime _deadline = DateTime.MaxValue;
    private volatile bool _deadlineEnded;
    private int _ended;
    private int _writing;

    protected override DateTime DeadlineCore => _deadline;

    protected override CancellationToken CancellationTokenCore => _deadlineSource is null ? Http.RequestAborted : _token;

    public bool Ended => Volatile.Read(ref _ended) != 0;

    /// <summary>Reads what the request's headers say about the call, and starts the clock.</summary>
    /// <exception cref="RpcException">INTERNAL or UNIMPLEMENTED when they cannot be understood.</exception>
    public void Begin()
    {
        BeginEncodings();
        if (!Http.Request.Headers.TryGetValue(WireNames.Timeout, out var given))
        {
            return;
        }

        if (!TimeoutFormat.TryDecode(given.ToString(), out var timeout))
        {
            throw Errors.Internal($"The grpc-timeout '{given}' cannot be read.");
        }

        var now = DateTime.UtcNow;
        _deadline = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        if (timeout >= LongestTimer)
        {
            return;
        }

        _deadlineSource = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted);
        _token = _deadlineSource.Token;
        _deadlineDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _deadlineTimer = new Timer(static call => _ = ((HttpContextServerCallContext)call!).DeadlineAsync(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the caller ends the call; false when the deadline has done so.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    public bool TryEnterWrite() => Interlocked.CompareExchange(ref _writing, 1, 0) == 0;

    public void ExitWrite() => Volatile.Write(ref _writing, 0);

    public async ValueTask DisposeAsync()
    {
        if (_deadlineSource is null)
        {
            return;
        }

        // The timer's callback may be under way: it uses the request, which must live until it is done.
        if (!_deadlineEnded)
        {
            await _deadlineTimer!.DisposeAsync();
        }

        if (_deadlineEnded)
        {
            await _deadlineDone!.Task;
            await _deadlineTimer!.DisposeAsync();
        }

        _deadlineSource.Dispose();
    }

    private async Task DeadlineAsync()
    {
        if (!TryEnd())
        {
            return;
        }

        _deadlineEnded = true;
        try
        {
            StatusCore = new Status(StatusCode.DeadlineExceeded, "The call did not end before its deadline.");
            _ = _deadlineSource!.CancelAsync();
            if (await EnterLastWriteAsync())
            {
                WriteStatus();
                await Http.Response.CompleteAsync().WaitAsync(WritePatience);
                Reset(WireNames.ErrorNone);
            }
            else
            {
                Reset(WireNames.ErrorCancel);
            }
        }
        catch (Exception)
        {
            Reset(WireNames.ErrorCancel);
        }
        finally
        {
            _deadlineDone!.TrySetResult();
        }
    }

    private async Task<bool> EnterLastWriteAsync()
    {
        for (var waited = TimeSpan.Zero; waited < WritePatience; waited += TimeSpan.FromMilliseconds(10))
        {
            if (TryEnterWrite())
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        return false;
    }

    private void Reset(long errorCode)
    {
        try
        {
            Http.Features.Get<IHttpResetFeature>()?.Reset((int)errorCode);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            // The request has ended by itself.
        }
    }
}
