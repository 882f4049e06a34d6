using Minion.Testing.Database;

namespace Minion.Tools.Tests;

/// <summary>A database with the schema <c>tools</c> for the tests of a class.</summary>
public sealed class ToolsDatabase() : DatabaseFixture(ToolsMigrations.Set);
