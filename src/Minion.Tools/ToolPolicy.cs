using Minion.Contracts.Tools.V1;

namespace Minion.Tools;

/// <summary>The conditions under which a tool runs.</summary>
/// <param name="Effect">What a call changes; decides whether it may be tried again.</param>
public sealed record ToolPolicy(Effect Effect)
{
    /// <summary>For one attempt; 1 ms to 10 minutes, default 10 s. When it has passed the call ends, whatever the tool does.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further attempts after a failure that may pass; 0 to 5, default 0. Only for tools that read or are idempotent.</summary>
    public int Retries { get; init; }

    /// <summary>Calls of this tool at a time in this process; 1 to 10,000, default 64. As many times 16 wait, each for at most one timeout.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>What the caller must be allowed, all of it.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>What the calling agent must be declared to be capable of, all of it. Of people, only administrators may call such a tool.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Bytes of JSON (UTF-8) that a result may have before it is trimmed; 256 to 1 MiB, default 32 KiB.</summary>
    public int ResultLimit { get; init; } = 32 * 1024;

    /// <summary>What it changes can be undone; rules may ask a person before what cannot.</summary>
    public bool Reversible { get; init; }

    /// <summary>Calls of a tenant in a period, in all processes together; null for any number.</summary>
    public ToolRate? Rate { get; init; }

    /// <summary>For how long a result answers the same call of the same caller; up to 30 days, default never. Only for tools that read.</summary>
    public TimeSpan CacheFor { get; init; }

    /// <summary>What a call costs, in US dollars; 0 to 1,000,000, default 0.</summary>
    public double CostUsd { get; init; }
}

/// <summary>How often a tool may be called.</summary>
/// <param name="Calls">1 to 1,000,000 in the period.</param>
/// <param name="Period">1 second to 1 day.</param>
public sealed record ToolRate(int Calls, TimeSpan Period);
