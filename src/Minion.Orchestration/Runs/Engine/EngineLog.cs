using Microsoft.Extensions.Logging;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What the engine logs; events 3100 to 3199.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(3100, LogLevel.Information, "Worker {Worker} takes runs, up to {Capacity} at the same time")]
    public static partial void WorkerRegistered(ILogger logger, Guid worker, int capacity);

    [LoggerMessage(3101, LogLevel.Warning, "Worker {Worker} was taken for dead: its {Runs} runs are dropped and go on elsewhere")]
    public static partial void WorkerReaped(ILogger logger, Guid worker, int runs);

    [LoggerMessage(3102, LogLevel.Information, "{Workers} dead workers were removed, {Runs} runs are ready again")]
    public static partial void Reaped(ILogger logger, int workers, int runs);

    [LoggerMessage(3103, LogLevel.Warning, "{Runs} runs that this worker was noted for, but did not know, were handed back")]
    public static partial void HandedBack(ILogger logger, int runs);

    [LoggerMessage(3104, LogLevel.Warning, "The database does not answer ({What}): {Message}")]
    public static partial void Outage(ILogger logger, string what, string message);

    [LoggerMessage(3105, LogLevel.Warning, "{Runs} runs were still busy when the grace time ended; their calls are given up and they are handed back")]
    public static partial void GraceOver(ILogger logger, int runs);

    [LoggerMessage(3106, LogLevel.Warning, "This process kills itself at the failpoint that {File} names (Engine:FailpointFile)")]
    public static partial void FailpointsOn(ILogger logger, string file);

    [LoggerMessage(3110, LogLevel.Information, "Run {Run} is resumed (epoch {Epoch}) after entry {Seq}")]
    public static partial void RunResumed(ILogger logger, Guid run, long epoch, long seq);

    [LoggerMessage(3111, LogLevel.Debug, "Run {Run} was left")]
    public static partial void RunLeft(ILogger logger, Guid run);

    [LoggerMessage(3112, LogLevel.Information, "Run {Run} was fenced at epoch {Epoch}: it belongs to another worker, or has ended")]
    public static partial void RunFenced(ILogger logger, Guid run, long epoch);

    [LoggerMessage(3113, LogLevel.Error, "Run {Run} met an error that nothing foresaw")]
    public static partial void RunBroke(ILogger logger, Exception error, Guid run);

    [LoggerMessage(3114, LogLevel.Error, "The execution of run {Run} broke; it is handed back")]
    public static partial void ExecutionBroke(ILogger logger, Exception error, Guid run);

    [LoggerMessage(3115, LogLevel.Warning, "Run {Run} waits for the database: {Message}")]
    public static partial void DatabaseAwaited(ILogger logger, Guid run, string message);

    [LoggerMessage(3120, LogLevel.Warning, "An append of {Runs} runs is tried again in {Milliseconds} ms: {Message}")]
    public static partial void AppendDelayed(ILogger logger, int runs, double milliseconds, string message);

    [LoggerMessage(3121, LogLevel.Error, "The database refuses to store entries of run {Run} ({SqlState}): {Message}")]
    public static partial void AppendUnstorable(ILogger logger, Guid run, string sqlState, string message);

    [LoggerMessage(3130, LogLevel.Warning, "The call of {Tool} in run {Run} is tried again after attempt {Attempt}: {Message}")]
    public static partial void ToolCallRepeated(ILogger logger, string tool, Guid run, int attempt, string message);

    [LoggerMessage(3132, LogLevel.Warning, "The tool service does not answer: calls of tools fail at once, and one is tried every {Seconds} s ({Message})")]
    public static partial void ToolsCircuitOpened(ILogger logger, double seconds, string message);

    [LoggerMessage(3133, LogLevel.Information, "The tool service answers again after {Seconds:0} s")]
    public static partial void ToolsCircuitClosed(ILogger logger, double seconds);

    [LoggerMessage(3131, LogLevel.Warning, "It is not known whether the call of {Tool} in run {Run} took effect ({Message}); a person is asked")]
    public static partial void ToolCallUndecided(ILogger logger, string tool, Guid run, string message);
}
