namespace Minion.Tools.Sources.Sql;

/// <summary>The databases that sources of the kind <c>sql</c> may name.</summary>
public sealed class SqlOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Sql";

    /// <summary>By name. Default: none.</summary>
    public IDictionary<string, SqlConnectionOptions> Connections { get; } = new Dictionary<string, SqlConnectionOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings that cannot be used.</summary>
    internal IEnumerable<string> Problems() => Connections
        .Where(connection => string.IsNullOrWhiteSpace(connection.Value.ConnectionString))
        .Select(connection => $"{Section}:Connections:{connection.Key}:ConnectionString must be given.");
}

/// <summary>A database that agents may use.</summary>
public sealed class SqlConnectionOptions
{
    /// <summary>Npgsql's connection string, or a URI (<c>postgres://login:password@host/database</c>). The login is one of its own, with the rights that the agents shall have.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The tenants that may use it; <c>*</c> stands for all. Default: the default tenant.</summary>
    public IList<string> Tenants { get; } = [];
}
