using Microsoft.Extensions.Logging;

namespace Minion.Orchestration;

internal static partial class LogMessages
{
    [LoggerMessage(101, LogLevel.Information, "{Expired} sessions expired, {Deleted} were deleted after their retention")]
    public static partial void SessionsSwept(this ILogger logger, int expired, int deleted);

    [LoggerMessage(102, LogLevel.Warning, "The sweep of sessions failed; it is tried again at the next interval")]
    public static partial void SessionSweepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(103, LogLevel.Information, "Cluster {Cluster} of tenant {Tenant} was applied: {Changed} of {Total} definitions changed")]
    public static partial void ClusterApplied(this ILogger logger, string cluster, string tenant, int changed, int total);

    [LoggerMessage(104, LogLevel.Debug, "Agents and sessions were not counted: {Message}")]
    public static partial void GaugesNotCounted(this ILogger logger, string message);

    [LoggerMessage(105, LogLevel.Warning, "Agents were taken without a look at whether their tools are there, because the tool service did not list them: {Message}")]
    public static partial void ToolsUnchecked(this ILogger logger, string message);

    [LoggerMessage(121, LogLevel.Information, "{Runs} runs and {Texts} long texts were removed after their retention")]
    public static partial void RunsPruned(this ILogger logger, int runs, int texts);

    [LoggerMessage(122, LogLevel.Warning, "What is over could not be removed; it is tried again at the next interval")]
    public static partial void PruningFailed(this ILogger logger, Exception exception);

    [LoggerMessage(112, LogLevel.Warning, "Messages were not looked at; that is repeated: {Message}")]
    public static partial void MessagesDelayed(this ILogger logger, string message);

    [LoggerMessage(110, LogLevel.Warning, "Schedules were not looked at, because the database does not answer: {Message}")]
    public static partial void SchedulesDelayed(this ILogger logger, string message);

    [LoggerMessage(111, LogLevel.Error, "The look at schedules broke; it is repeated")]
    public static partial void SchedulesBroke(this ILogger logger, Exception exception);

    [LoggerMessage(131, LogLevel.Warning, "{File} of the watched folder was not applied, so the last good one holds: {Why}")]
    public static partial void ClusterFileRefused(this ILogger logger, string file, string why);

    [LoggerMessage(132, LogLevel.Warning, "{File} is no longer in the watched folder; its cluster {Cluster} stays as it is")]
    public static partial void ClusterFileGone(this ILogger logger, string file, string cluster);

    [LoggerMessage(133, LogLevel.Error, "The folder of cluster files {Folder} cannot be read: {Why}")]
    public static partial void FolderUnreadable(this ILogger logger, string folder, string why);
}
