namespace Minion.Models;

/// <summary>The names under which an answer's additional properties tell what became of the call.</summary>
public static class AnswerProperties
{
    /// <summary>A <see cref="CacheHit"/>: the answer was not paid for.</summary>
    public const string Cache = "minion.cache";

    /// <summary>What the call cost with all its attempts, in USD: the text of a decimal number.</summary>
    public const string CostUsd = "minion.cost_usd";

    /// <summary>A <see cref="RouteReport"/>: which model answered, and why that one.</summary>
    public const string Route = "minion.route";
}
