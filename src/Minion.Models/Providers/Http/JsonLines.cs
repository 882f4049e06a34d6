using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Minion.Models.Providers.Http;

/// <summary>A body with a JSON value on each line (https://github.com/ndjson/ndjson-spec).</summary>
internal static class JsonLines
{
    private const long LongestLine = 64 * 1024 * 1024;

    /// <summary>The value of each line; each is valid only until the next is asked for.</summary>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (TakeLine(ref buffer, read.IsCompleted) is { } line)
                {
                    if (!IsBlank(line))
                    {
                        using var document = Parse(endpoint, line);
                        yield return document.RootElement;
                    }
                }

                if (buffer.Length > LongestLine)
                {
                    throw endpoint.Invalid("has a line longer than 64 MB");
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>The next line; at the body's end also one without a line break. Null when there is none yet.</summary>
    private static ReadOnlySequence<byte>? TakeLine(ref ReadOnlySequence<byte> buffer, bool isEnd)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return line;
        }

        if (!isEnd || buffer.IsEmpty)
        {
            return null;
        }

        var last = buffer;
        buffer = buffer.Slice(buffer.End);
        return last;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line) => line.Length <= 1 && (line.IsEmpty || line.FirstSpan[0] is (byte)'\r' or (byte)' ');

    private static JsonDocument Parse(Endpoint endpoint, ReadOnlySequence<byte> line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            throw endpoint.Invalid($"has a line that is not JSON: '{Texts.Shorten(Encoding.UTF8.GetString(line.Slice(0, Math.Min(line.Length, 200))))}'");
        }
    }
}
