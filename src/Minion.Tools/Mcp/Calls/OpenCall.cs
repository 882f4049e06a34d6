using System.Text.Json.Nodes;
using System.Threading.Channels;
using Minion.Tools.Mcp.Sessions;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Calls;

/// <summary>
/// A request on its way at a server. It may ask before it answers; each question waits until it is answered, also when the tool call that
/// sent it has ended with the question and is made again.
/// </summary>
internal sealed class OpenCall : IAsyncDisposable
{
    private const int MostQuestions = 16;

    private readonly Channel<CallEvent> _events = Channel.CreateUnbounded<CallEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly string _progressToken = Guid.CreateVersion7().ToString("N");
    private ServerSession? _session;
    private volatile JsonRpcRequest? _request;
    private volatile bool _answered;
    private int _questions;

    /// <summary>What the server said last about how far it is; empty when nothing.</summary>
    public string Progress { get; private set; } = "";

    /// <summary>Raised when <see cref="Progress"/> has changed.</summary>
    public event EventHandler? HasProgressed;

    /// <summary>Sends the request.</summary>
    /// <param name="session">Has been entered for this call; it is left at the end.</param>
    /// <param name="method">The protocol's method.</param>
    /// <param name="parameters">Its parameters; a token for progress is added.</param>
    public void Start(ServerSession session, string method, JsonObject parameters)
    {
        Enter(session);
        var meta = parameters["_meta"] as JsonObject ?? [];
        meta["progressToken"] = _progressToken;
        parameters["_meta"] = meta;
        _ = SendAsync(session, new JsonRpcRequest { Method = method, Params = parameters });
    }

    /// <summary>Notes the connection that is left at the end.</summary>
    public void Enter(ServerSession session) => _session = session;

    /// <summary>What happens next: the answer, a question, or the end.</summary>
    public ValueTask<CallEvent> NextAsync(CancellationToken cancellationToken) => _events.Reader.ReadAsync(cancellationToken);

    /// <summary>Passes a question of the server on; null when there are too many, or the call ends before it was answered.</summary>
    public async Task<JsonObject?> AskAsync(string method, JsonObject parameters)
    {
        var question = new Question(method, parameters);
        if (Interlocked.Increment(ref _questions) > MostQuestions)
        {
            return null;
        }

        _events.Writer.TryWrite(new CallEvent.Asked(question));
        return await question.Answer.Task.WaitAsync(_stop.Token);
    }

    public void Progressed(JsonObject progress)
    {
        if (progress["progressToken"] is JsonValue token && token.TryGetValue<string>(out var text) && text == _progressToken)
        {
            var total = progress["total"] is { } all ? $"/{all}" : "";
            var message = progress["message"] is JsonValue said && said.TryGetValue<string>(out var words) ? $" {ServerText.Clean(words, 200)}" : "";
            Progress = ServerText.Clean($"{progress["progress"]}{total}", 60) + message;
            HasProgressed?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Lost(string reason) => _events.Writer.TryWrite(new CallEvent.Failed(new IOException(reason)));

    /// <summary>Notes under which id the request goes out, when it is this call's.</summary>
    public void Sending(JsonRpcRequest request)
    {
        if (request.Params is JsonObject parameters && parameters["_meta"] is JsonObject meta
            && meta["progressToken"] is JsonValue token && token.TryGetValue<string>(out var text) && text == _progressToken)
        {
            _request = request;
        }
    }

    /// <summary>Ends the call: the server is told when it has not answered yet.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_request is { } request && !_answered && _session is { IsAlive: true } session)
        {
            session.Cancel(request.Id);
        }

        await _stop.CancelAsync();
        _session?.Leave(this);
        _events.Writer.TryComplete();
    }

    private async Task SendAsync(ServerSession session, JsonRpcRequest request)
    {
        try
        {
            var response = await session.Client.SendRequestAsync(request, _stop.Token);
            _answered = true;
            _events.Writer.TryWrite(new CallEvent.Answered(response.Result as JsonObject ?? []));
        }
        catch (Exception exception)
        {
            _answered = exception is not OperationCanceledException;
            _events.Writer.TryWrite(new CallEvent.Failed(exception));
        }
    }
}

/// <summary>Something that happens to a call.</summary>
internal abstract record CallEvent
{
    /// <summary>The server has answered.</summary>
    internal sealed record Answered(JsonObject Result) : CallEvent;

    /// <summary>The server asks before it goes on.</summary>
    internal sealed record Asked(Question Question) : CallEvent;

    /// <summary>The call has failed.</summary>
    internal sealed record Failed(Exception Exception) : CallEvent;
}

/// <summary>A question of a server in the middle of a call.</summary>
/// <param name="Method">The protocol's method: sampling or elicitation.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record Question(string Method, JsonObject Parameters)
{
    public TaskCompletionSource<JsonObject?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
