using Microsoft.Extensions.DependencyInjection;
using Minion.Data.Migrations;
using Minion.Testing.Database;

namespace Minion.Tools.Tests;

public sealed class MigrationTests
{
    [Fact]
    public async Task The_schema_goes_up_and_down_and_up_again()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(ToolsMigrations.Set);
        var migrator = database.Services.GetRequiredService<Migrator>();

        await migrator.UpAsync();
        await migrator.DownAsync("tools", 0);
        var status = await migrator.UpAsync();

        status.ShouldNotBeEmpty();
    }
}
