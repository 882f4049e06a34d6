using Microsoft.Extensions.Logging;

namespace Minion.Edge;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Warning, "The run {Run}, whose client is gone, could not be cancelled: {Reason}")]
    public static partial void NotCancelled(this ILogger logger, string run, string reason);
}
