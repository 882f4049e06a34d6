using Minion.Data.Migrations;

namespace Minion.Data.Tests.Migrations;

/// <summary>A schema with one table of notes, as services write them.</summary>
internal static class SampleMigrations
{
    private const string Notes =
        """
        CREATE TABLE {schema}.notes (
          tenant text NOT NULL,
          id int NOT NULL,
          text text NOT NULL,
          PRIMARY KEY (tenant, id)
        );
        ALTER TABLE {schema}.notes ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {schema}.notes FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant_only ON {schema}.notes TO {role:orchestration}
          USING (tenant = nullif(current_setting('minion.tenant', true), ''));
        CREATE POLICY engine ON {schema}.notes TO {role:engine} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.notes TO {role:orchestration}, {role:engine};
        """;

    public static Migration First { get; } = new(1, "notes", Notes, "DROP TABLE {schema}.notes;");

    public static Migration Second { get; } = new(
        2, "stars", "ALTER TABLE notes ADD COLUMN stars int NOT NULL DEFAULT 0;", "ALTER TABLE notes DROP COLUMN stars;");

    public static MigrationSet Set(params Migration[] migrations) =>
        new("sample", typeof(SampleMigrations).Assembly, [DatabaseRoles.Orchestration, DatabaseRoles.Engine]) { Given = migrations };

    /// <summary>Another service's schema, which only that service may use.</summary>
    public static MigrationSet OtherSet { get; } = new("other", typeof(SampleMigrations).Assembly, [DatabaseRoles.Tools])
    {
        Given =
        [
            new(1, "secrets", "CREATE TABLE {schema}.secrets (text text); GRANT SELECT ON {schema}.secrets TO {role:tools};", "DROP TABLE {schema}.secrets;"),
        ],
    };
}
