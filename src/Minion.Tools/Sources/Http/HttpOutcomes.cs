using System.Buffers;
using System.Net.Http;
using System.Text.Encodings.Web;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Network;
using Minion.Tools.Schemas;

namespace Minion.Tools.Sources.Http;

/// <summary>What a model hears of an API's answers.</summary>
internal static class HttpOutcomes
{
    private const int LongestProblem = 2000;
    private const string LookFirst = "It may have happened all the same: look before you call it again.";
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ToolOutcome Of(HttpAnswer answer, HttpOperation operation, Effect effect)
    {
        if (answer.Status is < 200 or >= 300)
        {
            return Refused(answer, effect);
        }

        var json = answer.Json();
        if (operation.Result.Length > 0)
        {
            json = json is { } whole ? JsonPointer.Find(whole, operation.Result) : null;
            if (json is null)
            {
                // What was asked for was done: only what came back is of no use.
                return new ToolFailure(
                    Failure.Types.Kind.InvalidResult, $"The answer has nothing at '{operation.Result}'.", "Do without this tool; its owner has to correct it.", Retryable: false);
            }
        }

        return new ToolResult(Write(answer, json));
    }

    public static ToolFailure Of(HttpRequestException exception, Uri url, Effect effect)
    {
        var failure = HttpFailures.Of(exception, url);
        var neverSent = exception.InnerException is AddressRefusedException || exception.HttpRequestError is
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;
        return effect != Effect.SideEffect || neverSent
            ? failure
            : failure with { Retryable = false, Undecided = true, Hint = LookFirst };
    }

    private static ToolFailure Refused(HttpAnswer answer, Effect effect)
    {
        var said = answer.Text is { Length: > 0 } text ? $" {(text.Length <= LongestProblem ? text : text[..LongestProblem] + "…")}" : "";
        var message = $"The API answered with status {answer.Status}.{said}";
        return answer.Status switch
        {
            // Somebody in between gave up on the API, which may have done it.
            408 or 502 or 504 when effect == Effect.SideEffect => ToolOutcome.Failed(message, LookFirst) with { Undecided = true },
            408 or 425 or 429 or 500 or 502 or 503 or 504 => ToolOutcome.FailedForNow(message, "Try again later."),
            401 or 403 => ToolOutcome.Failed(message, "Do without it, or ask who runs the server for the right to it."),
            404 or 410 => ToolOutcome.Failed(message, "Check names and ids; look for what there is first."),
            >= 300 and < 400 => ToolOutcome.Failed(message, "It is elsewhere now; its owner has to correct the tool."),
            _ => ToolOutcome.Failed(message, "Correct the arguments by what the answer says."),
        };
    }

    private static JsonElement Write(HttpAnswer answer, JsonElement? json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", answer.Status);
            if (answer.ContentType.Length > 0)
            {
                writer.WriteString("content_type", answer.ContentType);
            }

            writer.WritePropertyName("body");
            if (json is { } value)
            {
                value.WriteTo(writer);
            }
            else if (answer.Text is { Length: > 0 } text)
            {
                writer.WriteStringValue(text);
            }
            else
            {
                writer.WriteNullValue();
            }

            if (answer.Truncated)
            {
                writer.WriteBoolean("truncated", true);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = 128 });
    }
}
