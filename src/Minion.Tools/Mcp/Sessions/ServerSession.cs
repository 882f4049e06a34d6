using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Minion.Tools.Mcp.Calls;
using Minion.Tools.Mcp.Transport;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Sessions;

/// <summary>One connection to a server, and the calls that are open on it.</summary>
internal sealed class ServerSession : IServerWatcher, IAsyncDisposable
{
    private const int MostRequestsAtOnce = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<OpenCall> _calls = [];
    private readonly string _source;
    private readonly RequestRate _requests;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private McpClient? _client;
    private ITransport? _connection;
    private bool _ended;
    private int _asking;

    private ServerSession(string source, TimeProvider time, ILogger log) => (_source, _requests, _log) = (source, new RequestRate(time), log);

    /// <summary>A list of the server may have changed.</summary>
    public event EventHandler? ListChanged;

    /// <summary>The server asked while several calls were open: it cannot be said which of them it is about.</summary>
    public event EventHandler? Ambiguous;

    public McpClient Client => _client!;

    /// <summary>Completed when the connection has ended, with the reason.</summary>
    public Task<string> Ended { get; private set; } = Task.FromResult("");

    /// <summary>Whether the connection has not ended.</summary>
    public bool IsAlive => !Ended.IsCompleted && !_ended;

    /// <summary>The call that the server has asked about: it has the connection for itself until it ends.</summary>
    public OpenCall? TakenBy { get; private set; }

    public static async Task<ServerSession> ConnectAsync(
        string source, Func<CancellationToken, Task<ITransport>> connect, McpClientOptions options, TimeProvider time, ILogger log,
        CancellationToken cancellationToken)
    {
        var session = new ServerSession(source, time, log);
        session._connection = await connect(cancellationToken);
        var transport = new WatchedTransport(session._connection, session);
        try
        {
            session._client = await McpClient.CreateAsync(transport, options, loggerFactory: null, cancellationToken);
        }
        catch (Exception exception)
        {
            await transport.DisposeAsync();
            throw session.Explain(exception);
        }

        session.Ended = session.WatchAsync();
        _ = Listening.RunAsync(session._client, () => session.ListChanged?.Invoke(session, EventArgs.Empty), time, session._stop.Token);
        return session;
    }

    /// <summary>Whether <paramref name="call"/> may use this connection; false when another has it for itself.</summary>
    public bool TryEnter(OpenCall call, bool alone)
    {
        lock (_lock)
        {
            return IsAlive && TakenBy is null && (!alone || _calls.Count == 0) && _calls.Add(call);
        }
    }

    /// <summary>Tells the client which tools there are; those that it refuses, with the reason.</summary>
    public IEnumerable<KeyValuePair<string, string>> Know(IReadOnlyList<Tool> tools)
    {
        Client.ClearKnownTools();
        var refused = new List<KeyValuePair<string, string>>();
        foreach (var tool in tools)
        {
            try
            {
                Client.AddKnownTools([tool]);
            }
            catch (ArgumentException exception)
            {
                refused.Add(KeyValuePair.Create(tool.Name, exception.Message));
            }
        }

        return refused;
    }

    public void Leave(OpenCall call)
    {
        lock (_lock)
        {
            _calls.Remove(call);
            TakenBy = TakenBy == call ? null : TakenBy;
        }
    }

    public void Notified(JsonRpcNotification notification)
    {
        switch (notification.Method)
        {
            case NotificationMethods.ToolListChangedNotification or NotificationMethods.PromptListChangedNotification or NotificationMethods.ResourceListChangedNotification:
                ListChanged?.Invoke(this, EventArgs.Empty);
                break;
            case NotificationMethods.ProgressNotification when notification.Params is JsonObject progress:
                foreach (var call in Calls())
                {
                    call.Progressed(progress);
                }

                break;
        }
    }

    public bool Asked(JsonRpcRequest request, ITransport answers)
    {
        if (request.Method is not (ClientMethods.Sampling or ClientMethods.Elicitation))
        {
            // The client answers pings and refuses the rest; but not thousands of them.
            return !_requests.Admit();
        }

        var call = Attribute();
        _ = Task.Run(() => AnswerAsync(request, call, answers), CancellationToken.None);
        return true;
    }

    public void Sending(JsonRpcRequest request)
    {
        foreach (var call in Calls())
        {
            call.Sending(request);
        }
    }

    /// <summary>Tells the server that nobody waits for its answer any longer.</summary>
    public void Cancel(RequestId request) => _ = Task.Run(() => CancelAsync(request), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        await _stop.CancelAsync();
        if (_client is { } client)
        {
            await client.DisposeAsync();
        }
    }

    private OpenCall? Attribute()
    {
        lock (_lock)
        {
            TakenBy ??= _calls.Count == 1 ? _calls.Single() : null;
            if (TakenBy is not null || _calls.Count == 0)
            {
                return TakenBy;
            }
        }

        Ambiguous?.Invoke(this, EventArgs.Empty);
        return null;
    }

    private OpenCall[] Calls()
    {
        lock (_lock)
        {
            return [.. _calls];
        }
    }

    private async Task AnswerAsync(JsonRpcRequest request, OpenCall? call, ITransport answers)
    {
        try
        {
            var answer = Interlocked.Increment(ref _asking) <= MostRequestsAtOnce && call is not null
                ? await call.AskAsync(request.Method, request.Params as JsonObject ?? [])
                : null;
            JsonRpcMessage message = answer is null
                ? new JsonRpcError { Id = request.Id, Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidRequest, Message = "It cannot be said which call this is about, or nobody answers." } }
                : new JsonRpcResponse { Id = request.Id, Result = answer };
            await answers.SendMessageAsync(message, _stop.Token);
        }
        catch (Exception exception)
        {
            _log.McpAnswerNotSent(exception, _source);
        }
        finally
        {
            Interlocked.Decrement(ref _asking);
        }
    }

    private async Task CancelAsync(RequestId request)
    {
        try
        {
            JsonNode? id = request.Id is long number ? number : request.ToString();
            await Client.SendMessageAsync(
                new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = new JsonObject { ["requestId"] = id } }, _stop.Token);
        }
        catch (Exception exception)
        {
            _log.McpAnswerNotSent(exception, _source);
        }
    }

    private async Task<string> WatchAsync()
    {
        var details = await _client!.Completion;
        _ended = true;
        await _stop.CancelAsync();
        var reason = Reason(details.Exception);
        foreach (var call in Calls())
        {
            call.Lost(reason);
        }

        return reason;
    }

    private string Reason(Exception? exception)
    {
        var errors = (_connection as ProcessTransport)?.Errors ?? "";
        var what = exception?.Message ?? "The connection has ended.";
        return errors.Length == 0 || what.Contains("Its last words", StringComparison.Ordinal) ? what : $"{what} Its last words: {ServerText.Clean(errors, 600)}";
    }

    private IOException Explain(Exception exception) => new(Reason(exception), exception);
}
