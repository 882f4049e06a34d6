using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources.Settings;
using Npgsql;

namespace Minion.Tools.Sources.Sql;

/// <summary>What the model hears when the database refuses something or cannot be used.</summary>
internal static class SqlFailures
{
    public static ToolFailure? Of(Exception exception, string source, SqlSettings settings) => exception switch
    {
        ToolSourceException problem => ToolOutcome.Failed(problem.Message, "Do without this database until it is set up."),
        PostgresException refused => Of(refused, source, settings),
        OperationCanceledException or NpgsqlException { InnerException: TimeoutException } => TooLong(settings),
        NpgsqlException { InnerException: ToolSourceException problem } => ToolOutcome.Failed(problem.Message, "Do without this database until it is set up."),
        NpgsqlException => ToolOutcome.FailedForNow($"The database of '{source}' cannot be reached.", "Try again later."),
        NotSupportedException or InvalidOperationException or InvalidCastException => ToolOutcome.Failed(
            "This kind of statement gives no rows that could be read (COPY, for example).", "Use SELECT."),
        _ => null,
    };

    public static ToolFailure Undecided(string source) => new(
        Failure.Types.Kind.Failed,
        $"The database of '{source}' was lost while the change was being committed.",
        "It may have happened all the same: look before you do it again.",
        Retryable: false,
        Undecided: true);

    public static SourceHealth HealthAfter(Exception exception, SourceHealth before, ToolFailure failure) => exception switch
    {
        PostgresException refused when !refused.SqlState.StartsWith("28", StringComparison.Ordinal) && !refused.IsTransient => new SourceHealth(SourceState.Ready),
        OperationCanceledException => before,
        _ => new SourceHealth(SourceState.Failing, failure.Message),
    };

    private static ToolFailure Of(PostgresException refused, string source, SqlSettings settings) => refused.SqlState switch
    {
        PostgresErrorCodes.QueryCanceled => TooLong(settings),
        PostgresErrorCodes.LockNotAvailable => ToolOutcome.FailedForNow("Others hold what the statement needs.", "Try again later."),
        PostgresErrorCodes.ReadOnlySqlTransaction => ToolOutcome.Failed(
            $"Nothing can be changed here: {refused.MessageText}.", settings.Write ? $"Use '{source}_execute' to change data." : "Only read; this database is not for writing."),
        PostgresErrorCodes.InsufficientPrivilege => ToolOutcome.Failed($"{Sentence(refused)}.", "Use tables that you may read."),
        PostgresErrorCodes.SyntaxError when refused.MessageText.Contains("multiple commands", StringComparison.Ordinal) => ToolOutcome.Failed(
            "Only one statement is possible at a time.", "Send one statement without a ';' in it, and others in further calls."),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName =>
            ToolOutcome.Failed($"{Sentence(refused)}.", $"{refused.Hint} Look at the tables and columns with '{source}_schema'.".TrimStart()),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName =>
            ToolOutcome.Failed($"The database of '{source}' does not take the login that is set up for it.", "Do without this database until it is set up."),
        _ when refused.IsTransient => ToolOutcome.FailedForNow($"{Sentence(refused)}.", "Try again later."),
        _ => ToolOutcome.Failed($"{Sentence(refused)}.", refused.Hint is { Length: > 0 } hint ? hint : "Correct the statement; it is PostgreSQL's SQL."),
    };

    private static string Sentence(PostgresException refused)
    {
        var text = refused.MessageText.Length <= 1000 ? refused.MessageText : refused.MessageText[..1000] + "…";
        return $"The database says: {text}{(refused.Position > 0 ? $" (at character {refused.Position})" : "")}";
    }

    private static ToolFailure TooLong(SqlSettings settings) => new(
        Failure.Types.Kind.TimedOut,
        $"The statement was stopped after {Durations.Write(settings.Timeout)}.",
        "Ask for less at once: fewer rows, a condition, an index that helps.",
        Retryable: false);
}
