using Minion.Data.Migrations;
using Xunit;

namespace Minion.Testing.Database;

/// <summary>
/// A database for all tests of a class: <c>class Fixture() : DatabaseFixture(set)</c> and <c>IClassFixture&lt;Fixture&gt;</c>. The tests
/// share its rows, so each uses tenants of its own.
/// </summary>
public abstract class DatabaseFixture(params MigrationSet[] sets) : IAsyncLifetime
{
    private TestDatabase? _database;

    /// <summary>The database; there from the first test on.</summary>
    public TestDatabase Database => _database ?? throw new InvalidOperationException("The fixture is not initialized yet.");

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync(sets);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
