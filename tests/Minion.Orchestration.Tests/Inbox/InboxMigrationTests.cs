using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Data.Migrations;
using Minion.Testing.Database;

namespace Minion.Orchestration.Tests.Inbox;

/// <summary>Runs that waited for an answer before there was an inbox.</summary>
public sealed class InboxMigrationTests
{
    private const int Before = 5;

    private const string Waiting =
        """
        INSERT INTO orchestration.runs
          (tenant, id, root_id, agent_id, agent, agent_version, behaviour, principal, permissions, status, deadline, limits, input, created_at, waiting)
        VALUES ('default', '01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000001', gen_random_uuid(), 'a', 1, 'react@1', 'user:ada',
          '{}', 'waiting', now(), '{}', 'x', now(),
          '[{"id":"2.0.1","text":"What became of it?","choices":["done","retry","skip"],"step":2,"call":0,"tool":"notes_add","arguments":"{}","asked_at":"2026-01-02T03:04:05+00:00"}]')
        """;

    [Fact]
    public async Task Ask_in_the_inbox_too()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(OrchestrationExtensions.Migrations);
        var migrator = database.Services.GetRequiredService<Migrator>();
        await migrator.UpAsync(default);
        await migrator.DownAsync("orchestration", Before);
        await database.ExecuteAsSuperuserAsync(Waiting);

        await migrator.UpAsync(default);

        await using var command = database.DataSource(DatabaseRoles.Engine).CreateCommand(
            "SELECT kind || ' ' || status || ' ' || question || ' ' || array_to_string(choices, '|') || ' ' || requested_by FROM orchestration.inbox");
        (await command.ExecuteScalarAsync()).ShouldBe("uncertain open 2.0.1 done|retry|skip user:ada");
    }
}
