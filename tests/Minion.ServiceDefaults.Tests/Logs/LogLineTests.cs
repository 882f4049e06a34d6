using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Minion.ServiceDefaults.Logs;

namespace Minion.ServiceDefaults.Tests.Logs;

public sealed class LogLineTests
{
    private static readonly Exception Failure = new InvalidOperationException("bad\nthing");

    [Fact]
    public void An_entry_is_one_line_whatever_it_contains()
    {
        var line = Write(new LineFormatter(TimeProvider.System), "hello\r\n2026 error Forged: \u001b[31mred\u0085");
        line.Count(c => c == '\n').ShouldBe(1);
        line.ShouldEndWith("\n");
        line.ShouldNotContain("\u001b");
        line.ShouldNotContain("\u0085");
        line.ShouldContain(@"warn  Some.Category: hello\n2026 error Forged: \u001b[31mred\u0085 | System.InvalidOperationException: bad\nthing");
    }

    [Fact]
    public void An_entry_names_its_trace()
    {
        using var activity = new Activity("test").Start();
        Write(new LineFormatter(TimeProvider.System), "x").TrimEnd().ShouldEndWith($"trace_id={activity.TraceId} span_id={activity.SpanId}");
        var json = JsonDocument.Parse(Write(new JsonLineFormatter(TimeProvider.System), "x")).RootElement;
        json.GetProperty("trace_id").GetString().ShouldBe(activity.TraceId.ToHexString());
        json.GetProperty("span_id").GetString().ShouldBe(activity.SpanId.ToHexString());
    }

    [Fact]
    public void As_json_it_has_its_parameters()
    {
        var line = Write(new JsonLineFormatter(TimeProvider.System), "two\nlines \"quoted\"");
        line.TrimEnd('\n').ShouldNotContain("\n");
        var json = JsonDocument.Parse(line).RootElement;
        json.GetProperty("level").GetString().ShouldBe("warn");
        json.GetProperty("category").GetString().ShouldBe("Some.Category");
        json.GetProperty("message").GetString().ShouldBe("two\nlines \"quoted\"");
        json.GetProperty("parameters").GetProperty("Tool").GetString().ShouldBe("time");
        json.GetProperty("exception").GetString()!.ShouldContain("InvalidOperationException");
        json.GetProperty("event").GetInt32().ShouldBe(7);
    }

    private static string Write(ConsoleFormatter formatter, string message)
    {
        using var text = new StringWriter();
        IReadOnlyList<KeyValuePair<string, object?>> state = [new("Tool", "time"), new("{OriginalFormat}", "…")];
        formatter.Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(LogLevel.Warning, "Some.Category", new EventId(7), state, Failure, (_, _) => message),
            scopeProvider: null,
            text);
        return text.ToString();
    }
}
