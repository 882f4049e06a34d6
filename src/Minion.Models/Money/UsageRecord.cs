using System.Text.Json;

namespace Minion.Models.Money;

/// <summary>One attempt, or one call of a tool, as it is stored. The names of its properties are the columns' in snake case.</summary>
internal sealed record UsageRecord
{
    public required string Tenant { get; init; }

    /// <summary>Version 7, from the time of the attempt.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>chat</c>, <c>embedding</c> or <c>tool</c>.</summary>
    public required string Kind { get; init; }

    public required string Principal { get; init; }

    public string Agent { get; init; } = "";

    public int AgentVersion { get; init; }

    public Guid? RunId { get; init; }

    public int Step { get; init; }

    public string Tool { get; init; } = "";

    public string Provider { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary><c>succeeded</c>, <c>cancelled</c>, or the kind of the failure in lower case.</summary>
    public required string Outcome { get; init; }

    public long InputTokens { get; init; }

    public long CachedTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public bool Estimated { get; init; }

    public bool Priced { get; init; }

    public decimal CostUsd { get; init; }

    public long DurationMs { get; init; }

    /// <summary>All tokens that budgets count.</summary>
    public long Tokens => InputTokens + OutputTokens;

    public static UsageRecord Of(ModelCall call, Attempt attempt, PriceList prices) => Of(call, "chat", attempt, prices);

    /// <summary>
    /// What an attempt used. One that failed before the provider had begun to answer is not billed, and counts nothing. One that was
    /// given up has its input billed also before that: the provider was at work.
    /// </summary>
    public static UsageRecord Of(ModelCall call, string kind, Attempt attempt, PriceList prices)
    {
        var billed = attempt.Succeeded || attempt.Cancelled || attempt.FirstPart is not null;
        var usage = billed ? attempt.Usage : new();
        var price = prices.Of(attempt.Definition);
        return new UsageRecord
        {
            Tenant = call.Caller.Tenant,
            Id = Guid.CreateVersion7(attempt.Started),
            At = attempt.Started.ToUniversalTime(),
            Kind = kind,
            Principal = call.Caller.Principal,
            Agent = call.Agent ?? "",
            AgentVersion = call.AgentVersion ?? 0,
            RunId = call.Run,
            Step = (int)(call.Step ?? 0),
            Provider = attempt.Definition.Provider,
            Model = attempt.Definition.Model ?? attempt.Definition.Name,
            Outcome = attempt.Cancelled ? "cancelled" : attempt.Error is { } error ? JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()) : "succeeded",
            InputTokens = usage.InputTokenCount ?? 0,
            CachedTokens = usage.CachedInputTokenCount ?? 0,
            OutputTokens = usage.OutputTokenCount ?? 0,
            ReasoningTokens = usage.ReasoningTokenCount ?? 0,
            Estimated = attempt.Estimated,
            Priced = price is not null,
            CostUsd = price is null ? 0 : Prices.Cost(price, usage),
            DurationMs = (long)attempt.Duration.TotalMilliseconds,
        };
    }
}
