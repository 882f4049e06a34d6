using System.Net.Http;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Network;
using Minion.Tools.Schemas;
using Minion.Tools.Sources.Http;

namespace Minion.Tools.Sources.WebSocket;

/// <summary>Sends one message over a connection of its own and waits for the one that answers it.</summary>
internal sealed class WebSocketTool(string name, WebSocketRequest request, WebSocketSettings settings, HttpMessageInvoker client, TenantSecrets secrets) : ITool
{
    private const int MostMessages = 1000;

    public ToolDescription Description { get; } = new()
    {
        Name = name,
        Version = "1.0",
        Category = "websocket",
        Description = request.Description,
        InputSchema = request.InputSchema,
        OutputSchema = """{"type":"object","properties":{"message":{}},"required":["message"]}""",
        Untrusted = true,
        Policy = new ToolPolicy(request.Effect) { Timeout = settings.Timeout, Retries = request.Effect == Effect.SideEffect ? 0 : 1, Concurrency = 16 },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var sent = false;
        try
        {
            using var socket = await ConnectAsync(cancellationToken);
            for (var i = 0; i < settings.Skip; i++)
            {
                await ReceiveAsync(socket, cancellationToken);
            }

            var id = Guid.CreateVersion7().ToString();
            var message = WebSocketMessages.Of(request, call.Arguments, settings.Correlation, id);
            sent = true;
            await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            return await AnswerAsync(socket, id, cancellationToken);
        }
        catch (WebSocketException exception)
        {
            return Failed(exception, sent && call.Effect == Effect.SideEffect);
        }
        catch (MessageException exception)
        {
            return Undecided(ToolOutcome.Failed(exception.Message, "Do without this tool; its owner has to look."), sent && call.Effect == Effect.SideEffect);
        }
        catch (ToolSourceException problem)
        {
            return ToolOutcome.Failed(problem.Message, "Do without this tool until it is set up.");
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            using var handshake = new HttpRequestMessage(HttpMethod.Get, settings.Url);
            foreach (var (header, value) in settings.Headers)
            {
                HttpRequests.TryAddHeader(handshake, header, secrets.Resolve(value));
            }

            settings.Authentication?.Apply(handshake, secrets);
            foreach (var header in handshake.Headers.NonValidated)
            {
                socket.Options.SetRequestHeader(header.Key, header.Value.ToString());
            }

            await socket.ConnectAsync(handshake.RequestUri!, client, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<ToolOutcome> AnswerAsync(ClientWebSocket socket, string id, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MostMessages; i++)
        {
            var text = await ReceiveAsync(socket, cancellationToken);
            var answer = new HttpAnswer(200, "", text, Truncated: false, Redirection: null).Json();
            if (!WebSocketMessages.Answers(answer, settings.Correlation, id))
            {
                continue;
            }

            if (request.Result.Length > 0)
            {
                answer = answer is { } whole ? JsonPointer.Find(whole, request.Result) : null;
                if (answer is null)
                {
                    return ToolOutcome.Failed($"The answer has nothing at '{request.Result}': {(text.Length <= 1000 ? text : text[..1000] + "…")}", "Correct the arguments by what the answer says.");
                }
            }

            var message = answer is { } json ? System.Text.Json.Nodes.JsonNode.Parse(json.GetRawText()) : System.Text.Json.Nodes.JsonValue.Create(text);
            return new ToolResult(JsonElement.Parse(new System.Text.Json.Nodes.JsonObject { ["message"] = message }.ToJsonString()));
        }

        throw new MessageException($"There was no answer among {MostMessages} messages.");
    }

    private async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(16 * 1024, settings.MaxBytes + 1)];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += received.Count;
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new MessageException($"The server closed the connection without an answer{(socket.CloseStatusDescription is { Length: > 0 } why ? $": {why}" : "")}.");
            }

            if (length > settings.MaxBytes)
            {
                throw new MessageException($"The server sent a message of more than {settings.MaxBytes} bytes.");
            }

            if (received.EndOfMessage)
            {
                return received.MessageType == WebSocketMessageType.Text
                    ? Encoding.UTF8.GetString(buffer, 0, length)
                    : throw new MessageException("The server sent a message that is no text.");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, settings.MaxBytes + 1));
            }
        }
    }

    private ToolFailure Failed(WebSocketException exception, bool changes)
    {
        var url = settings.Url!;
        var failure = exception.InnerException is HttpRequestException http ? HttpFailures.Of(http, url) : ToolOutcome.FailedForNow($"'{url.IdnHost}' did not take the connection, or ended it.", "Try again later.");
        return Undecided(failure, changes);
    }

    private static ToolFailure Undecided(ToolFailure failure, bool changes) => changes
        ? failure with { Retryable = false, Undecided = true, Hint = "It may have happened all the same: look before you call it again." }
        : failure;

    private sealed class MessageException(string message) : Exception(message);
}
