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

    [LoggerMessage(20, LogLevel.Information, "The catalog has {Models} models, with those of {File}.")]
    public static partial void CatalogRead(ILogger logger, int models, string file);

    [LoggerMessage(21, LogLevel.Error, "The file of models {File} has {Count} errors; the last good one stays in use.\n{Errors}")]
    public static partial void CatalogRefused(ILogger logger, string file, int count, string errors);

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
}
