namespace Minion.Server;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Ready: HTTP at {Http}, gRPC at {Grpc}, data in {DataFolder}")]
    public static partial void Ready(this ILogger logger, string http, string grpc, string dataFolder);

    [LoggerMessage(2, LogLevel.Information, "{Migrations} migrations applied")]
    public static partial void Migrated(this ILogger logger, int migrations);
}
