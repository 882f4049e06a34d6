using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Transport;

/// <summary>
/// Stands between a connection and the SDK's client. What the server tells or asks in between goes to <see cref="IServerWatcher"/>; an answer
/// that says that input is required is given to the caller as it is, so that a run can wait for it, instead of being answered on the spot.
/// </summary>
internal sealed class WatchedTransport : ITransport, IClientTransport
{
    /// <summary>What <c>resultType</c> is called where the server wrote <c>input_required</c>.</summary>
    public const string InputRequired = "minion/input_required";

    private readonly ITransport _inner;
    private readonly IServerWatcher _watcher;
    private readonly Channel<JsonRpcMessage> _messages = Channel.CreateUnbounded<JsonRpcMessage>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public WatchedTransport(ITransport inner, IServerWatcher watcher)
    {
        (_inner, _watcher) = (inner, watcher);
        _ = Task.Run(PumpAsync);
    }

    public string Name => "minion";

    public string? SessionId => _inner.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader => _messages.Reader;

    public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => Task.FromResult<ITransport>(this);

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is JsonRpcRequest request)
        {
            _watcher.Sending(request);
        }

        return _inner.SendMessageAsync(message, cancellationToken);
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private async Task PumpAsync()
    {
        Exception? error = null;
        try
        {
            await foreach (var message in _inner.MessageReader.ReadAllAsync())
            {
                if (Seen(message) is { } seen)
                {
                    _messages.Writer.TryWrite(seen);
                }
            }
        }
        catch (Exception exception)
        {
            error = exception;
        }
        finally
        {
            _messages.Writer.TryComplete(error);
        }
    }

    /// <summary>What the SDK's client is to see of the message; null for nothing.</summary>
    private JsonRpcMessage? Seen(JsonRpcMessage message)
    {
        try
        {
            return Keep(message) ? message : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // A member twice, or halves of surrogate pairs: one such message does not end the connection.
            return message is JsonRpcResponse { Id: var id } ? MessageLines.UnreadableAnswer(id) : null;
        }
    }

    /// <summary>Whether the SDK's client is to see the message.</summary>
    private bool Keep(JsonRpcMessage message)
    {
        switch (message)
        {
            case JsonRpcResponse { Result: JsonObject result } when IsInputRequired(result):
                result["resultType"] = InputRequired;
                return true;
            case JsonRpcNotification notification:
                _watcher.Notified(notification);
                return false;
            case JsonRpcRequest request:
                return !_watcher.Asked(request, _inner);
            default:
                return true;
        }
    }

    private static bool IsInputRequired(JsonObject result) =>
        result.TryGetPropertyValue("resultType", out var type) && type is JsonValue value && value.TryGetValue<string>(out var text) && text == "input_required";
}

/// <summary>Hears what a server says unasked.</summary>
internal interface IServerWatcher
{
    /// <summary>A request goes out.</summary>
    void Sending(JsonRpcRequest request);

    /// <summary>A notification; must return at once, however many there are.</summary>
    void Notified(JsonRpcNotification notification);

    /// <summary>A request of the server; true when it will be answered here, through <paramref name="answers"/>.</summary>
    bool Asked(JsonRpcRequest request, ITransport answers);
}
