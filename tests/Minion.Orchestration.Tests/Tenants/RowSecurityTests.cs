using Minion.Data;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.Database;

namespace Minion.Orchestration.Tests.Tenants;

/// <summary>Every table keeps tenants apart by itself, whatever a statement forgets.</summary>
public sealed class RowSecurityTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>
{
    /// <summary>Tables without anything of a tenant: the processes, and what the migrator notes.</summary>
    private const string OfNobody = "'workers', 'holders', 'applied_migrations'";

    [Fact]
    public async Task Every_table_has_forced_row_security_with_a_policy_for_each_role()
    {
        var tables = await ReadAsync(
            $"""
            SELECT format('%s.%s: forced %s, by tenant %s, migrator %s, others %s', n.nspname, c.relname,
              c.relrowsecurity AND c.relforcerowsecurity,
              (SELECT count(*) FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.qual LIKE '%minion.tenant%' AND p.qual LIKE '%(tenant =%'),
              (SELECT count(*) FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.qual = 'true' AND p.roles::text LIKE '%\_migrator%'),
              (SELECT count(*) FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.qual = 'true'
                AND p.roles::text NOT LIKE '%\_migrator%' AND p.roles::text NOT LIKE '%\_engine%'))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('orchestration', 'tools', 'models') AND c.relkind IN ('r', 'p') AND c.relname NOT IN ({OfNobody})
            ORDER BY 1
            """);

        tables.Count.ShouldBeGreaterThan(30);
        tables.Where(t => !t.EndsWith(": forced t, by tenant 1, migrator 1, others 0", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_table_has_a_tenant_and_no_role_of_a_service_owns_it()
    {
        var tables = await ReadAsync(
            $"""
            SELECT format('%s.%s', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('orchestration', 'tools', 'models') AND c.relkind IN ('r', 'p') AND c.relname NOT IN ({OfNobody})
              AND (NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND a.attnotnull)
                OR pg_get_userbyid(c.relowner) NOT LIKE '%\_migrator')
            """);

        tables.ShouldBeEmpty();
    }

    private async Task<List<string>> ReadAsync(string query)
    {
        await using var command = fixture.Database.DataSource(DatabaseRoles.Engine).CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
