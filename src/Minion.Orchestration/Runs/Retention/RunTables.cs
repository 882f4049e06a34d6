namespace Minion.Orchestration.Runs.Retention;

/// <summary>The tables whose rows go with their run, by <c>run_id</c>. A test holds the list against the schema.</summary>
internal static class RunTables
{
    public static IReadOnlyList<string> Names { get; } = ["entries", "signals", "ready", "parked", "inbox", "payload_uses"];
}
