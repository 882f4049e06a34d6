using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Errors;

/// <summary>Writes errors in OpenAI's shape.</summary>
internal static class ErrorWriter
{
    /// <summary>As a whole answer.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            response.Headers["retry-after-ms"] = Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (error.Final)
        {
            response.Headers["x-should-retry"] = "false";
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        using (var writer = new Utf8JsonWriter(response.BodyWriter, JsonForm.Writer))
        {
            WriteBody(writer, error);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary><c>{"error":{…}}</c>: the body, and the last event of a stream of chunks.</summary>
    public static void WriteBody(Utf8JsonWriter writer, ApiError error)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("type", error.Type);
        WriteFields(writer, error);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What the error is, apart from its type: in an event that has another meaning.</summary>
    public static void WriteFields(Utf8JsonWriter writer, ApiError error)
    {
        writer.WriteString("message", error.Message);
        writer.WriteString("param", error.Param);
        writer.WriteString("code", error.Code);
    }
}
