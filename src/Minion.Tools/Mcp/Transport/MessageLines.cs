using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Transport;

/// <summary>
/// The messages of a program, one JSON text in each line. Lines that are none are left out; an answer that cannot be read fails its request at once.
/// </summary>
internal sealed class MessageLines(Stream output, int largest, Action<long> leftOut)
{
    private const int Deepest = 10_000;
    private static readonly JsonSerializerOptions Json = McpJsonUtilities.DefaultOptions;

    /// <exception cref="IOException">A line is longer than the limit, or the output cannot be read.</exception>
    public async IAsyncEnumerable<JsonRpcMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(output);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                Check(line.Length);
                if (Parse(line) is { } message)
                {
                    yield return message;
                }

                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            Check(buffer.Length);
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }

    /// <summary>What stands for an answer that cannot be read.</summary>
    public static JsonRpcError UnreadableAnswer(RequestId id) =>
        new() { Id = id, Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.ParseError, Message = "The server's answer cannot be read." } };

    private void Check(long length)
    {
        if (length > largest)
        {
            throw new IOException($"It sent a message of more than {largest} bytes.");
        }
    }

    private JsonRpcMessage? Parse(ReadOnlySequence<byte> line)
    {
        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            // What is no UTF-8 is read with the places marked.
            bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
        }

        var message = Parse(bytes) ?? Unreadable(bytes);
        if (message is null)
        {
            leftOut(line.Length);
        }

        return message;
    }

    private static JsonRpcMessage? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return (JsonRpcMessage?)JsonSerializer.Deserialize(ref reader, Json.GetTypeInfo(typeof(JsonRpcMessage)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>An answer whose number can be told: whoever waits for it need not wait in vain.</summary>
    private static JsonRpcError? Unreadable(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = Deepest });
            RequestId? id = null;
            var answers = false;
            for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
            {
                answers |= reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8);
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                id = !isId ? id : reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? new RequestId(number)
                    : reader.TokenType == JsonTokenType.String ? new RequestId(reader.GetString()!) : null;
                reader.Skip();
            }

            return id is { } known && answers ? UnreadableAnswer(known) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
