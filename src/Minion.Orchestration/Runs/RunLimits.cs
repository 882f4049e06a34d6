using System.Globalization;

namespace Minion.Orchestration.Runs;

/// <summary>What one run may use. Checked before each step.</summary>
/// <param name="MaxSteps">Model calls and rounds of tool calls.</param>
/// <param name="MaxTokens">Input and output tokens of all model calls; 0 means no limit.</param>
/// <param name="TimeoutSeconds">Wall time in seconds from acceptance, waiting for people not counted.</param>
/// <param name="MaxCostUsd">What all calls may cost, in USD; 0 means no limit.</param>
public sealed record RunLimits(int MaxSteps, long MaxTokens, double TimeoutSeconds, decimal MaxCostUsd = 0)
{
    /// <summary>Steps where nobody says how many.</summary>
    public const int DefaultMaxSteps = 50;
    /// <summary>The most steps that may be allowed.</summary>
    public const int HighestMaxSteps = 10_000;
    /// <summary>The timeout where nobody says one.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(15);
    /// <summary>The longest timeout that may be allowed.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);

    /// <summary><see cref="TimeoutSeconds"/> as a time.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>Takes the agent's limits, or the defaults, and narrows them by what the request asks for.</summary>
    internal static RunLimits From(Minion.Contracts.Orchestration.V1.Limits? agent, Minion.Contracts.Orchestration.V1.Limits? request)
    {
        var steps = agent is { MaxSteps: > 0 } ? agent.MaxSteps : DefaultMaxSteps;
        var tokens = agent is { MaxTokens: > 0 } ? agent.MaxTokens : 0;
        var timeout = agent?.Timeout is { } t ? t.ToTimeSpan() : DefaultTimeout;
        if (request is { MaxSteps: > 0 })
        {
            steps = Math.Min(steps, request.MaxSteps);
        }

        if (request is { MaxTokens: > 0 })
        {
            tokens = tokens == 0 ? request.MaxTokens : Math.Min(tokens, request.MaxTokens);
        }

        if (request?.Timeout is { } narrower && narrower.ToTimeSpan() < timeout)
        {
            timeout = narrower.ToTimeSpan();
        }

        var cost = Cost(agent);
        if (Cost(request) is > 0 and var lower)
        {
            cost = cost == 0 ? lower : Math.Min(cost, lower);
        }

        return new RunLimits(steps, tokens, timeout.TotalSeconds, cost);
    }

    private static decimal Cost(Minion.Contracts.Orchestration.V1.Limits? limits) =>
        decimal.TryParse(limits?.MaxCostUsd, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) ? usd : 0;
}
