using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Cli.Mcp;

/// <summary>Hands messages of MCP on between standard input and output and a server's HTTP endpoint, as they are.</summary>
internal sealed class McpBridge(ITransport client, ITransport server, Uri endpoint, TimeProvider time) : IAsyncDisposable
{
    // What was asked before the input ended is answered still; who waits for less ends the program.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RequestId, CancellationTokenSource> _open = new();

    public static McpBridge Create(Uri endpoint, string? apiKey, TimeProvider time)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Connecting };
        var options = new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = string.IsNullOrEmpty(apiKey) ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["authorization"] = $"Bearer {apiKey}" },
        };
        var http = new HttpClientTransport(options, new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, ownsHttpClient: true);

        // Nothing is sent before there is a message.
        return new McpBridge(new StandardStreams(Console.OpenStandardInput(), Console.OpenStandardOutput()), http.ConnectAsync().GetAwaiter().GetResult(), endpoint, time);
    }

    /// <summary>Goes on until the input ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var answers = ForwardAnswersAsync(cancellationToken);
        var calls = new ConcurrentDictionary<Task, byte>();
        await foreach (var message in client.MessageReader.ReadAllAsync(cancellationToken))
        {
            if (Cancels(message) is { } request && _open.TryGetValue(request, out var cancelled))
            {
                await cancelled.CancelAsync();
            }

            var call = SendAsync(message, cancellationToken);
            if (message is JsonRpcRequest { Method: RequestMethods.Initialize })
            {
                // What follows belongs to the session that this begins.
                await call;
            }

            if (message is JsonRpcRequest { Method: RequestMethods.SubscriptionsListen })
            {
                // Has no end of its own.
                continue;
            }

            calls[call] = 0;
            _ = call.ContinueWith(done => calls.TryRemove(done, out _), TaskScheduler.Default);
        }

        await Task.WhenAny(Task.WhenAll(calls.Keys), Task.Delay(Grace, time, cancellationToken));
        await server.DisposeAsync();
        await answers;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await client.DisposeAsync();
    }

    private async Task ForwardAnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in server.MessageReader.ReadAllAsync(cancellationToken))
            {
                await client.SendMessageAsync(message, cancellationToken);
            }
        }
        catch (ClientTransportClosedException)
        {
            // That is how it says that it was closed, as it is when the input has ended.
        }
        catch (IOException)
        {
            // Nobody reads the output any more.
        }
    }

    private async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var id = (message as JsonRpcRequest)?.Id;
        if (id is not null)
        {
            _open[id.Value] = end;
        }

        try
        {
            await server.SendMessageAsync(message, end.Token);
        }
        catch (OperationCanceledException)
        {
            // Its client does not want an answer any more.
        }
        catch (Exception failure) when (failure is McpException or HttpRequestException or IOException)
        {
            if (id is not null)
            {
                await client.SendMessageAsync(ErrorFor(id.Value, failure), CancellationToken.None);
            }
        }
        finally
        {
            if (id is not null)
            {
                _open.TryRemove(id.Value, out _);
            }
        }
    }

    /// <summary>The request that a message gives up. Over HTTP the newer versions of the protocol know no such message: the request itself is ended.</summary>
    private RequestId? Cancels(JsonRpcMessage message) =>
        server.SessionId is null
        && message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject parameters }
        && parameters["requestId"] is JsonValue id
            ? id.TryGetValue<long>(out var number) ? new RequestId(number) : id.TryGetValue<string>(out var text) ? new RequestId(text) : null
            : null;

    private JsonRpcError ErrorFor(RequestId id, Exception failure) => new()
    {
        Id = id,
        Error = new JsonRpcErrorDetail
        {
            Code = failure is McpProtocolException protocol ? (int)protocol.ErrorCode : (int)McpErrorCode.InternalError,
            Message = failure switch
            {
                HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } => $"The server at {endpoint} wants an API key: set MINION_API_KEY.",
                HttpRequestException { StatusCode: HttpStatusCode.NotFound } => $"There is no MCP endpoint at {endpoint}, or its session is over: Minion's is at the path /mcp.",
                HttpRequestException { StatusCode: null } => $"The server at {endpoint} cannot be reached: {failure.Message} Start it with 'minion up', or name another one with --url.",
                _ => failure.Message,
            },
        },
    };
}
