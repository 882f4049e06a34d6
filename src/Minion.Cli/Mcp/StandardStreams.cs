using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Minion.Cli.Mcp;

/// <summary>
/// The client of a server on standard input and output: one message in each line. The end of the input ends only the reading: what was asked
/// before is answered still, as it must be where requests come through a pipe.
/// </summary>
internal sealed class StandardStreams : ITransport
{
    private const int LongestLine = 256 * 1024 * 1024;
    private const int MostWaiting = 256;
    private const int NotJson = -32700;
    private const int NoMessage = -32600;

    private readonly Stream _output;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateBounded<JsonRpcMessage>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });

    public StandardStreams(Stream input, Stream output)
    {
        _output = output;
        _ = Task.Run(() => ReadAsync(input), CancellationToken.None);
    }

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) =>
        WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage))), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Nobody waits for the reader: a read of standard input cannot be given up.
        await _stop.CancelAsync();
        _incoming.Writer.TryComplete();
    }

    private async Task ReadAsync(Stream input)
    {
        Exception? error = null;
        try
        {
            var reader = PipeReader.Create(input);
            while (true)
            {
                var read = await reader.ReadAsync(_stop.Token);
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    await TakeAsync(buffer.Slice(0, end));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (buffer.Length > LongestLine)
                {
                    throw new IOException($"A message of more than {LongestLine} bytes came in.");
                }

                if (read.IsCompleted)
                {
                    await TakeAsync(buffer);
                    break;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            error = exception;
        }
        finally
        {
            _incoming.Writer.TryComplete(error);
        }
    }

    private async Task TakeAsync(ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray().AsMemory().Trim(" \t\r"u8);
        if (bytes.IsEmpty)
        {
            return;
        }

        if (Parse(bytes.Span) is { } message)
        {
            await _incoming.Writer.WriteAsync(message, _stop.Token);
        }
        else
        {
            await WriteAsync(Refusal(bytes), _stop.Token);
        }
    }

    private static JsonRpcMessage? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return (JsonRpcMessage?)JsonSerializer.Deserialize(line, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What is answered to a line that is no message. Source: JSON-RPC 2.0, section 5.1.</summary>
    private static byte[] Refusal(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var id = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id", out var given)
                && given.ValueKind is (JsonValueKind.String or JsonValueKind.Number) ? JsonNode.Parse(given.GetRawText()) : null;
            return Refusal(id, NoMessage, "This is no message of JSON-RPC 2.0.");
        }
        catch (JsonException exception)
        {
            return Refusal(id: null, NotJson, $"This is not JSON: {exception.Message}");
        }
    }

    private static byte[] Refusal(JsonNode? id, int code, string message) => Encoding.UTF8.GetBytes(
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }.ToJsonString());

    private async Task WriteAsync(byte[] message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Begun is ended: half a line would spoil the next.
            await _output.WriteAsync((byte[])[.. message, (byte)'\n'], CancellationToken.None);
            await _output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }
}
