using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Sources.Sql;

/// <summary>The conditions under which a database's tools run.</summary>
internal static class SqlPolicy
{
    public static ToolPolicy Of(SqlSettings settings, Effect effect) => new(effect)
    {
        // The database ends its statements earlier.
        Timeout = settings.Timeout + TimeSpan.FromSeconds(10),
        Retries = effect == Effect.ReadOnly ? 1 : 0,
        Concurrency = settings.MaxConnections,
        ResultLimit = Math.Min(1024 * 1024, (settings.MaxBytes * 2) + 4096),
    };
}
