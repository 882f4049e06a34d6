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

    /// <summary>
    /// The key of a second data source of the role <see cref="Engine"/>, for statements that touch a few rows by their keys: its plans are kept, and
    /// use indexes and nested loops only, so that one made while a table was empty is as good when it has grown.
    /// </summary>
    public const string EngineByKey = "engine-by-key";

    /// <summary>The tools service: sees the rows of one tenant at a time.</summary>
    public const string Tools = "tools";

    /// <summary>The model gateway: sees the rows of one tenant at a time; what is written for all together goes through its functions.</summary>
    public const string Models = "models";

    /// <summary>Owns every schema and table, and runs the migrations.</summary>
    public const string Migrator = "migrator";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Orchestration, Engine, Tools, Models, Migrator];
}
