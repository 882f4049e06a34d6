namespace Minion.Data;

/// <summary>
/// The database roles as the program names them; also the keys of the data sources
/// (<c>[FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource</c>). In the database each is called <c>{prefix}_{role}</c>.
/// </summary>
public static class DatabaseRoles
{
    /// <summary>The API of the orchestration service: sees the rows of one tenant at a time.</summary>
    public const string Orchestration = "orchestration";

    /// <summary>The engine: works across tenants on the engine's own tables.</summary>
    public const string Engine = "engine";

    /// <summary>The tools service: sees the rows of one tenant at a time.</summary>
    public const string Tools = "tools";

    /// <summary>The model gateway: sees the rows of one tenant at a time; what is written for all together goes through its functions.</summary>
    public const string Models = "models";

    /// <summary>Owns every schema and table, and runs the migrations.</summary>
    public const string Migrator = "migrator";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Orchestration, Engine, Tools, Models, Migrator];
}
