namespace Minion.Models;

/// <summary>The names under which an answer's additional properties tell what became of the call.</summary>
public static class AnswerProperties
{
    /// <summary>A <see cref="CacheHit"/>: the answer was not paid for.</summary>
    public const string Cache = "minion.cache";
}
