using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Minion.ServiceDefaults.Logs;

/// <summary>One log entry as one line of text; whatever a message contains, it cannot start another line or steer a terminal.</summary>
internal static class LineWriter
{
    public static void Write(TextWriter target, DateTimeOffset at, LogLevel level, string category, string message, Exception? exception, Activity? activity)
    {
        target.Write(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        target.Write(' ');
        target.Write(Name(level));
        target.Write(' ');
        target.Write(category);
        target.Write(": ");
        target.Write(Clean(message));
        if (exception is not null)
        {
            target.Write(" | ");
            target.Write(Clean(exception.ToString()));
        }

        if (activity is not null)
        {
            target.Write($" trace_id={activity.TraceId} span_id={activity.SpanId}");
        }

        target.Write('\n');
    }

    /// <summary>Five characters, so that the lines stand below each other.</summary>
    internal static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    internal static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => clean.Append("\\n"),
                '\r' => clean,
                '\t' => clean.Append(' '),
                _ when char.IsControl(c) => clean.Append($"\\u{(int)c:x4}"),
                _ => clean.Append(c),
            };
        }

        return clean.ToString();
    }
}
