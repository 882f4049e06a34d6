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

    /// <summary>Bytes of JSON (UTF-8) that a result may have before it is trimmed; 256 to 1 MiB, default 32 KiB.</summary>
    public int ResultLimit { get; init; } = 32 * 1024;
}
