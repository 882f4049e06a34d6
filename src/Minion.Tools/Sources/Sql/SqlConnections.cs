using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Tools.Tenants;
using Npgsql;

namespace Minion.Tools.Sources.Sql;

/// <summary>Finds the databases that sources name, and opens them with a login of their own.</summary>
internal sealed class SqlConnections(IOptions<SqlOptions> options, IConfiguration configuration, SecretReferences secrets)
{
    /// <exception cref="ToolSourceException">There is no such connection, or it must not be used.</exception>
    public NpgsqlDataSource Open(SourceDefinition definition, SqlSettings settings)
    {
        var given = Parse(ConnectionString(definition, settings), settings.Connection);
        if (IsMinions(given))
        {
            throw new ToolSourceException($"The connection '{settings.Connection}' is Minion's own login, which agents never use; make a login with only the rights that they shall have.");
        }

        // Whatever the string says: what keeps one call apart from the next stays on.
        given.NoResetOnClose = false;
        given.Multiplexing = false;
        given.Enlist = false;
        given.Pooling = true;
        given.MaxPoolSize = settings.MaxConnections;
        given.MinPoolSize = 0;
        given.Timeout = Math.Clamp(given.Timeout, 1, 15);
        given.CommandTimeout = (int)settings.Timeout.TotalSeconds + 5;
        given.IncludeErrorDetail = false;
        given.PersistSecurityInfo = false;
        given.ApplicationName ??= $"minion {definition.Name}";

        var builder = new NpgsqlDataSourceBuilder(given.ConnectionString);
        builder.UsePhysicalConnectionInitializer(SqlLogins.Check, SqlLogins.CheckAsync);
        return builder.Build();
    }

    private string ConnectionString(SourceDefinition definition, SqlSettings settings)
    {
        if (settings.IsReference)
        {
            return secrets.For(definition.Tenant).Resolve(settings.Connection);
        }

        // The same sentence for one of another tenant: who may not use it learns nothing of it.
        return options.Value.Connections.TryGetValue(settings.Connection, out var named)
            && TenantSettings.Includes(named.Tenants, definition.Tenant)
            ? named.ConnectionString
            : throw new ToolSourceException(
                $"There is no connection '{settings.Connection}'; who runs the server sets {SqlOptions.Section}:Connections:{settings.Connection}:ConnectionString.");
    }

    private bool IsMinions(NpgsqlConnectionStringBuilder given) =>
        configuration.GetConnectionString(DatabaseOptions.ConnectionName) is { Length: > 0 } own
        && new NpgsqlConnectionStringBuilder(own) is var minion
        && minion.Username == given.Username && minion.Port == given.Port
        && string.Equals(minion.Host, given.Host, StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder Parse(string text, string name)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(PostgresUri.ToConnectionString(text));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Without the exception: it quotes what it could not read.
            throw new ToolSourceException($"The connection '{name}' is no connection string for PostgreSQL.");
        }
    }
}
