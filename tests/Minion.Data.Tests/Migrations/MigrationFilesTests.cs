using Minion.Data.Migrations;

namespace Minion.Data.Tests.Migrations;

public sealed class MigrationFilesTests
{
    [Fact]
    public void Files_of_an_assembly_are_found_in_order_with_their_way_back()
    {
        var migrations = MigrationFiles.Read("files", typeof(MigrationFilesTests).Assembly);
        migrations.Select(m => $"{m.UpFile} {m.Up.Trim()} {m.Down?.Trim()}").ShouldBe(
            ["001_first.up.sql SELECT 1; SELECT -1;", "002_second.up.sql SELECT 2; "]);
    }

    [Fact]
    public void An_assembly_without_files_has_no_migrations() => MigrationFiles.Read("none", typeof(Migrator).Assembly).ShouldBeEmpty();
}
