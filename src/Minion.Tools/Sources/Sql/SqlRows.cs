using System.Buffers;
using System.Data;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Minion.Tools.Sources.Sql;

/// <summary>Reads the rows of a result, up to limits; what is beyond them is neither kept nor waited for.</summary>
internal static class SqlRows
{
    private const int MostColumns = 500;
    private static readonly JsonDocumentOptions Nested = new() { MaxDepth = 32 };

    public const string Properties =
        """
        "columns": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" }, "type": { "type": "string" } }, "required": ["name", "type"] } },
        "rows": { "type": "array", "items": { "type": "array" } },
        "count": { "type": "integer", "minimum": 0 },
        "truncated": { "type": "string", "description": "Why there are no more rows, when there might be." }
        """;

    /// <summary>An object with columns, rows and their count; <paramref name="more"/> adds to it.</summary>
    public static async Task<ToolOutcome> ReadAsync(
        NpgsqlCommand command, int maxRows, int maxBytes, Action<Utf8JsonWriter, NpgsqlDataReader> more, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        var buffer = new ArrayBufferWriter<byte>(4096);
        await using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var types = Columns(json, reader);
        if (types.Length > MostColumns)
        {
            Stop(command);
            return ToolOutcome.Failed($"The result has {types.Length} columns, more than {MostColumns}.", "Name the columns that you need.");
        }

        var (count, truncated) = (0, "");
        json.WriteStartArray("rows");
        while (await reader.ReadAsync(cancellationToken))
        {
            var left = maxBytes - (int)(json.BytesCommitted + json.BytesPending);
            truncated = count == maxRows ? $"more than {maxRows} rows" : left <= 0 ? $"more than {maxBytes} bytes" : "";
            if (truncated.Length > 0)
            {
                Stop(command);
                break;
            }

            count++;
            json.WriteStartArray();
            for (var column = 0; column < types.Length; column++)
            {
                var room = Math.Max(64, left - (int)(json.BytesCommitted + json.BytesPending - (maxBytes - left)));
                await WriteAsync(json, reader, column, types[column], room, cancellationToken);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteNumber("count", count);
        if (truncated.Length > 0)
        {
            json.WriteString("truncated", truncated);
        }

        more(json, reader);
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        return new ToolResult(JsonElement.Parse(buffer.WrittenSpan));
    }

    // The rest would otherwise be read and thrown away when the reader is closed.
    private static void Stop(NpgsqlCommand command) => command.Cancel();

    private static string[] Columns(Utf8JsonWriter json, NpgsqlDataReader reader)
    {
        json.WriteStartObject();
        json.WriteStartArray("columns");
        var types = new string[reader.FieldCount];
        for (var column = 0; column < types.Length; column++)
        {
            types[column] = reader.GetPostgresType(column).Name;
            json.WriteStartObject();
            json.WriteString("name", reader.GetName(column));
            json.WriteString("type", types[column]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return types;
    }

    private static async Task WriteAsync(Utf8JsonWriter json, NpgsqlDataReader reader, int column, string type, int room, CancellationToken cancellationToken)
    {
        if (await reader.IsDBNullAsync(column, cancellationToken))
        {
            json.WriteNullValue();
            return;
        }

        await using var stream = await reader.GetStreamAsync(column, cancellationToken);
        var bytes = new byte[Math.Min(room, stream.CanSeek ? (int)Math.Min(stream.Length, room) : room)];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var isWhole = await stream.ReadAsync(new byte[1], cancellationToken) == 0;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        if (!isWhole)
        {
            json.WriteStringValue(text.TrimEnd('\uFFFD') + "… [cut]");
        }
        else
        {
            Write(json, text, type);
        }
    }

    private static void Write(Utf8JsonWriter json, string text, string type)
    {
        switch (type)
        {
            case "boolean":
                json.WriteBooleanValue(text == "t");
                break;
            case "smallint" or "integer" or "bigint" or "oid" or "numeric" or "real" or "double precision" when char.IsAsciiDigit(text[^1]):
                json.WriteRawValue(text); // "NaN" and "Infinity" are texts
                break;
            case "json" or "jsonb" when Parse(text) is { } value:
                value.WriteTo(json);
                break;
            default:
                json.WriteStringValue(text);
                break;
        }
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text, Nested);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
