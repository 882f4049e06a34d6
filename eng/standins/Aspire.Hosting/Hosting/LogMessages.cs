using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "{Line}")]
    public static partial void ResourceLine(this ILogger logger, string line);

    [LoggerMessage(2, LogLevel.Information, "{Resource} is ready: {Urls}")]
    public static partial void ResourceReady(this ILogger logger, string resource, string urls);

    [LoggerMessage(3, LogLevel.Information, "{Resource} is done")]
    public static partial void ResourceDone(this ILogger logger, string resource);

    [LoggerMessage(4, LogLevel.Error, "{Resource} ended with exit code {ExitCode} after {Seconds:0.0} s. Its last lines:{Lines}")]
    public static partial void ResourceEnded(this ILogger logger, string resource, int exitCode, double seconds, string lines);

    [LoggerMessage(5, LogLevel.Error, "{Resource} could not be started: {Why}")]
    public static partial void ResourceNotStarted(this ILogger logger, string resource, string why);

    [LoggerMessage(6, LogLevel.Warning, "{Resource} waits for {Dependency}, which is {State} since {Since:HH:mm:ss}. {Why} Its last lines:{Lines}")]
    public static partial void ResourceWaits(
        this ILogger logger, string resource, string dependency, string state, DateTimeOffset since, string why, string lines);

    [LoggerMessage(7, LogLevel.Warning, "{Resource} is unhealthy since {Since:HH:mm:ss}. {Why} Its last lines:{Lines}")]
    public static partial void ResourceUnhealthy(this ILogger logger, string resource, DateTimeOffset since, string why, string lines);

    [LoggerMessage(8, LogLevel.Information, "{Resource} is healthy again")]
    public static partial void ResourceHealthyAgain(this ILogger logger, string resource);

    [LoggerMessage(9, LogLevel.Information, "Dashboard: {Url}")]
    public static partial void Dashboard(this ILogger logger, string url);

    [LoggerMessage(10, LogLevel.Information, "No dashboard, everything else goes on: {Why}")]
    public static partial void NoDashboard(this ILogger logger, string why);

    [LoggerMessage(11, LogLevel.Information, "Stopping")]
    public static partial void Stopping(this ILogger logger);
}
