using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Data.Migrations;
using Minion.Testing.Database;

namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>Runs from before there were trees.</summary>
public sealed class TreeMigrationTests
{
    private const string Old =
        """
        INSERT INTO orchestration.runs
          (tenant, id, agent_id, agent, agent_version, behaviour, principal, permissions, status, deadline, limits, input, created_at)
        VALUES ('default', '01890000-0000-7000-8000-000000000001', gen_random_uuid(), 'a', 1, 'react@1', 'test', '{}', 'completed', now(), '{}', 'x', now())
        """;

    [Fact]
    public async Task A_run_of_an_earlier_release_is_the_root_of_its_tree_and_goes_back_with_the_schema()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(OrchestrationExtensions.Migrations);
        var migrator = database.Services.GetRequiredService<Migrator>();
        await migrator.UpAsync(default);
        await migrator.DownAsync("orchestration", 4);
        await database.ExecuteAsSuperuserAsync(Old);

        await migrator.UpAsync(default);
        (await ScalarAsync(database, "SELECT count(*) FROM orchestration.runs WHERE root_id = id AND parent_id IS NULL AND depth = 0 AND options = '{}'")).ShouldBe(1);
        await migrator.DownAsync("orchestration", 4);
        (await ScalarAsync(database, "SELECT count(*) FROM orchestration.runs")).ShouldBe(1);
    }

    private static async Task<long> ScalarAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource(DatabaseRoles.Engine).CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
