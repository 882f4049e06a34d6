using Microsoft.Extensions.Logging;

namespace Minion.ServiceDefaults;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Error, "Call {Call} failed inside the server, error {ErrorId}")]
    public static partial void CallFailed(this ILogger logger, Exception exception, string call, string errorId);

    [LoggerMessage(2, LogLevel.Warning, "Call {Call} was refused: {Reason}")]
    public static partial void CallRefused(this ILogger logger, Exception exception, string call, string reason);

    [LoggerMessage(3, LogLevel.Information, "Draining: {Calls} calls under way, at most {Grace} for them")]
    public static partial void Draining(this ILogger logger, int calls, TimeSpan grace);

    [LoggerMessage(4, LogLevel.Warning, "The grace time is over: {Calls} calls are cut off")]
    public static partial void DrainCutOff(this ILogger logger, int calls);

    [LoggerMessage(5, LogLevel.Information, "Drained")]
    public static partial void Drained(this ILogger logger);

    [LoggerMessage(6, LogLevel.Information, "Telemetry goes to {Endpoint}")]
    public static partial void TelemetryExported(this ILogger logger, string endpoint);

    [LoggerMessage(8, LogLevel.Information, "Redis is connected")]
    public static partial void RedisConnected(this ILogger logger);

    [LoggerMessage(9, LogLevel.Warning, "Redis does not answer ({Trouble}); everything goes on without it")]
    public static partial void RedisLost(this ILogger logger, string trouble);

    [LoggerMessage(10, LogLevel.Information, "Redis answers again after {Seconds:0.0} s")]
    public static partial void RedisAgain(this ILogger logger, double seconds);

    [LoggerMessage(7, LogLevel.Warning, "Second signal: ending at once")]
    public static partial void EndingAtOnce(this ILogger logger);
}
