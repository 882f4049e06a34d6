namespace Minion.Orchestration.Status;

/// <summary>When this process began to serve.</summary>
internal sealed record ServerStart(DateTimeOffset At);
