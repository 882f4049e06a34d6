using Microsoft.Extensions.Logging;

namespace Minion.Edge;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Warning, "The run {Run}, whose client is gone, could not be cancelled: {Reason}")]
    public static partial void NotCancelled(this ILogger logger, string run, string reason);

    [LoggerMessage(2, LogLevel.Debug, "A client that subscribed to the run {Run} is not told of it any more: {Reason}")]
    public static partial void NotWatched(this ILogger logger, string run, string reason);
}
