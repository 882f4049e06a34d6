using Microsoft.Extensions.Logging;

namespace Minion.Data;

internal static partial class LogMessages
{
    [LoggerMessage(101, LogLevel.Information, "Migrated schema {Schema}: {File} ({Milliseconds:0} ms)")]
    public static partial void MigrationRan(this ILogger logger, string schema, string file, double milliseconds);

    [LoggerMessage(102, LogLevel.Information, "Another host is migrating the database; waiting for it")]
    public static partial void WaitingForMigrationLock(this ILogger logger);

    [LoggerMessage(103, LogLevel.Information, "The database is not migrated yet; waiting for the host that does it")]
    public static partial void WaitingForMigrations(this ILogger logger);

    [LoggerMessage(104, LogLevel.Warning, "The database does not answer ({Message}); it is tried again for {Seconds} s")]
    public static partial void DatabaseDoesNotAnswer(this ILogger logger, string message, double seconds);

    [LoggerMessage(111, LogLevel.Debug, "Database role {Role} is ready")]
    public static partial void RoleReady(this ILogger logger, string role);

    [LoggerMessage(112, LogLevel.Warning,
        "Creating database roles without a lock, because the login may not connect to the database 'postgres': {Reason}")]
    public static partial void RolesWithoutServerLock(this ILogger logger, string reason);

    [LoggerMessage(121, LogLevel.Warning, "{Count} notifications could not be sent: {Reason}")]
    public static partial void NotificationsNotSent(this ILogger logger, int count, string reason);

    [LoggerMessage(122, LogLevel.Warning, "Listening for notifications broke off, connecting again: {Reason}")]
    public static partial void ListeningLost(this ILogger logger, string reason);

    [LoggerMessage(123, LogLevel.Information, "Listening for notifications again after {Attempts} attempts")]
    public static partial void ListeningAgain(this ILogger logger, int attempts);

    [LoggerMessage(124, LogLevel.Error, "A handler of notifications on channel {Channel} failed")]
    public static partial void NotificationHandlerFailed(this ILogger logger, string channel, Exception exception);

    [LoggerMessage(131, LogLevel.Information, "Embedded PostgreSQL {Major} from {Programs} serves {Folder}")]
    public static partial void EmbeddedReady(this ILogger logger, int major, string programs, string folder);

    [LoggerMessage(132, LogLevel.Error, "Embedded PostgreSQL died and is started again (failures so far: {Failures})")]
    public static partial void EmbeddedDied(this ILogger logger, int failures);

    [LoggerMessage(133, LogLevel.Information, "Embedded PostgreSQL runs again after {Milliseconds:0} ms")]
    public static partial void EmbeddedRestarted(this ILogger logger, double milliseconds);

    [LoggerMessage(134, LogLevel.Critical, "Embedded PostgreSQL does not start (attempt {Attempt}); trying again in {Delay}")]
    public static partial void EmbeddedNotRestarted(this ILogger logger, int attempt, TimeSpan delay, Exception exception);

    [LoggerMessage(135, LogLevel.Information, "Embedded PostgreSQL has stopped")]
    public static partial void EmbeddedStopped(this ILogger logger);
}
