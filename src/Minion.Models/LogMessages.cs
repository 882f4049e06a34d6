using Microsoft.Extensions.Logging;

namespace Minion.Models;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "The model 'default' is {Model} at {Url}, as MINION_MODEL and MINION_MODEL_URL say.")]
    public static partial void Overridden(ILogger logger, string? model, string? url);

    [LoggerMessage(2, LogLevel.Warning, "Attempt {Attempt} failed, the next one comes in {Seconds:0.0} s: {Error}")]
    public static partial void Retrying(ILogger logger, int attempt, double seconds, string error);

    [LoggerMessage(3, LogLevel.Debug, "The model '{Model}' answered: {InputTokens} tokens in, {OutputTokens} out, {Milliseconds:0} ms.")]
    public static partial void Answered(ILogger logger, string model, long? inputTokens, long? outputTokens, double milliseconds);

    [LoggerMessage(4, LogLevel.Warning, "The call to the model '{Model}' failed, {Reason}: {Error}")]
    public static partial void Failed(ILogger logger, string model, string reason, string error);

    [LoggerMessage(30, LogLevel.Warning, "The budget of tenant {Tenant} is used to {Percent} %: {Budget}, {Used} of {Amount}.")]
    public static partial void BudgetAlert(ILogger logger, string tenant, int percent, string budget, string used, string amount);

    [LoggerMessage(31, LogLevel.Warning, "The budgets cannot be reached; it is tried again: {Error}")]
    public static partial void BudgetsNotReached(ILogger logger, string error);

    [LoggerMessage(32, LogLevel.Warning, "Usage of {Records} attempts is not written yet; it is tried again: {Error}")]
    public static partial void UsageNotWritten(ILogger logger, int records, string error);

    [LoggerMessage(33, LogLevel.Error, "Usage of {Records} attempts was not written before the server's time to stop was over.")]
    public static partial void UsageLost(ILogger logger, int records);

    [LoggerMessage(34, LogLevel.Error, "The database refuses usage ({Records} records, {Changes} accounts); it is left out: {Error}")]
    public static partial void UsageRefused(ILogger logger, int records, int changes, string error);

    [LoggerMessage(35, LogLevel.Warning, "This process was taken for dead: what it had reserved was given back. It goes on under a new id.")]
    public static partial void HolderWasTakenForDead(ILogger logger);

    [LoggerMessage(36, LogLevel.Information, "What {Processes} dead processes had reserved was given back.")]
    public static partial void ReservationsReleased(ILogger logger, int processes);

    [LoggerMessage(37, LogLevel.Warning, "The alert of {Percent} % was not taken by its webhook (attempt {Attempt}); it is posted again later: {Error}")]
    public static partial void WebhookFailed(ILogger logger, int percent, int attempt, string error);

    [LoggerMessage(38, LogLevel.Information, "{Rows} rows of usage were older than they need be, and are gone.")]
    public static partial void UsagePruned(ILogger logger, long rows);

    [LoggerMessage(39, LogLevel.Warning, "Old usage was not removed; it is tried again in an hour: {Error}")]
    public static partial void UsageNotPruned(ILogger logger, string error);

    [LoggerMessage(20, LogLevel.Information, "The catalog has {Models} models, with those of {File}.")]
    public static partial void CatalogRead(ILogger logger, int models, string file);

    [LoggerMessage(21, LogLevel.Error, "The file of models {File} has {Count}; the last good one stays in use.\n{Errors}")]
    public static partial void CatalogRefused(ILogger logger, string file, string count, string errors);

    [LoggerMessage(40, LogLevel.Warning, "The meaning of a question was not found out, so only the same request can be found: {Error}")]
    public static partial void NotEmbedded(ILogger logger, string error);

    [LoggerMessage(41, LogLevel.Warning, "The shared response cache failed and is not asked for {Seconds} s; the one in memory goes on: {Error}")]
    public static partial void SharedCacheFailed(ILogger logger, double seconds, string error);

    [LoggerMessage(60, LogLevel.Warning, "Rate limits are counted in this process alone, because Redis does not answer: {Error}")]
    public static partial void LimitsLocal(ILogger logger, string error);

    [LoggerMessage(61, LogLevel.Information, "Rate limits are counted over all processes again.")]
    public static partial void LimitsShared(ILogger logger);

    [LoggerMessage(62, LogLevel.Warning, "The model '{Model}' did not answer, '{Next}' is asked instead: {Error}")]
    public static partial void FailingOver(ILogger logger, string model, string next, string error);

    [LoggerMessage(63, LogLevel.Information, "The answer of '{Model}' is poor ({Why}), '{Next}' is asked instead.")]
    public static partial void Escalating(ILogger logger, string model, string why, string next);

    [LoggerMessage(42, LogLevel.Warning, "Old answers were not removed from the response cache; the next try comes in {Minutes} min: {Error}")]
    public static partial void CacheNotPruned(ILogger logger, double minutes, string error);
}
