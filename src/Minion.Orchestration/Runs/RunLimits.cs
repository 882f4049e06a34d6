using System.Globalization;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Runs;

/// <summary>What one run may use, with the runs below it. Checked before each step.</summary>
/// <param name="MaxSteps">Model calls, rounds of tool calls, and rounds of children.</param>
/// <param name="MaxTokens">Input and output tokens of all model calls; 0 means no limit.</param>
/// <param name="TimeoutSeconds">Wall time in seconds from acceptance, waiting for people not counted.</param>
/// <param name="MaxCostUsd">What all calls may cost, in USD; 0 means no limit.</param>
/// <param name="MaxDepth">Levels of runs below it; 0 means that it starts none.</param>
/// <param name="MaxChildren">Runs that it may start itself.</param>
/// <param name="IdleTimeoutSeconds">The longest that a call may take before there is an outcome, in seconds; 0 means no limit.</param>
public sealed record RunLimits(
    int MaxSteps,
    long MaxTokens,
    double TimeoutSeconds,
    decimal MaxCostUsd = 0,
    int MaxDepth = RunLimits.DefaultMaxDepth,
    int MaxChildren = RunLimits.DefaultMaxChildren,
    double IdleTimeoutSeconds = 0)
{
    /// <summary>Steps where nobody says how many.</summary>
    public const int DefaultMaxSteps = 50;

    /// <summary>The most steps that may be allowed.</summary>
    public const int HighestMaxSteps = 10_000;

    /// <summary>Levels of runs where nobody says how many.</summary>
    public const int DefaultMaxDepth = 5;

    /// <summary>The most levels that may be allowed.</summary>
    public const int HighestMaxDepth = 20;

    /// <summary>Children where nobody says how many.</summary>
    public const int DefaultMaxChildren = 50;

    /// <summary>The most children that may be allowed.</summary>
    public const int HighestMaxChildren = 1_000;

    /// <summary>The timeout where nobody says one.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(15);

    /// <summary>The longest timeout that may be allowed.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);

    /// <summary><see cref="TimeoutSeconds"/> as a time.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary><see cref="IdleTimeoutSeconds"/> as a time.</summary>
    public TimeSpan IdleTimeout => TimeSpan.FromSeconds(IdleTimeoutSeconds);

    /// <summary>Takes the agent's limits, or the defaults, and narrows them by what the request asks for.</summary>
    internal static RunLimits From(Limits? agent, Limits? request)
    {
        agent ??= new Limits();
        var own = new RunLimits(
            agent.MaxSteps > 0 ? agent.MaxSteps : DefaultMaxSteps,
            agent.MaxTokens,
            (agent.Timeout?.ToTimeSpan() ?? DefaultTimeout).TotalSeconds,
            Cost(agent),
            agent.MaxDepth > 0 ? agent.MaxDepth : DefaultMaxDepth,
            agent.MaxChildren > 0 ? agent.MaxChildren : DefaultMaxChildren,
            agent.IdleTimeout?.ToTimeSpan().TotalSeconds ?? 0);
        return request is null
            ? own
            : new RunLimits(
                (int)Lower(own.MaxSteps, request.MaxSteps),
                (long)Lower(own.MaxTokens, request.MaxTokens),
                (double)Lower((decimal)own.TimeoutSeconds, Seconds(request.Timeout)),
                Lower(own.MaxCostUsd, Cost(request)),
                (int)Lower(own.MaxDepth, request.MaxDepth),
                (int)Lower(own.MaxChildren, request.MaxChildren),
                (double)Lower((decimal)own.IdleTimeoutSeconds, Seconds(request.IdleTimeout)));
    }

    /// <summary>The lower one; 0 means no limit.</summary>
    private static decimal Lower(decimal own, decimal asked) => asked <= 0 ? own : own <= 0 ? asked : Math.Min(own, asked);

    private static decimal Seconds(Google.Protobuf.WellKnownTypes.Duration? duration) => (decimal)(duration?.ToTimeSpan().TotalSeconds ?? 0);

    private static decimal Cost(Limits limits) =>
        decimal.TryParse(limits.MaxCostUsd, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) ? usd : 0;
}
