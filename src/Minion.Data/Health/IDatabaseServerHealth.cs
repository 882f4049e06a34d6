namespace Minion.Data.Health;

/// <summary>What the embedded server adds to the health check.</summary>
internal interface IDatabaseServerHealth
{
    IEnumerable<KeyValuePair<string, object>> Describe();

    /// <summary>What should worry somebody although the database still answers, or null.</summary>
    string? Concern();
}
