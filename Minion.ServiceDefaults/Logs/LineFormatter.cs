using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Minion.ServiceDefaults.Logs;

/// <summary>Console logs for people: a line each.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    /// <summary>Why a host did not start is said once, by whoever starts it.</summary>
    private const string HostFailure = "HostedServiceStartupFaulted";

    public override void Write<TState>(in LogEntry<TState> logEntry, Microsoft.Extensions.Logging.IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (logEntry.EventId.Name == HostFailure)
        {
            return;
        }

        LineWriter.Write(
            textWriter,
            time.GetUtcNow(),
            logEntry.LogLevel,
            logEntry.Category,
            logEntry.Formatter(logEntry.State, logEntry.Exception),
            logEntry.Exception,
            Activity.Current);
    }
}
