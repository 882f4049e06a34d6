using System.Reflection;

namespace Minion.Data.Migrations;

/// <summary>
/// The migrations of one schema: the resources <c>Migrations/NNN_name.up.sql</c> and <c>.down.sql</c> of an assembly. In their SQL
/// <c>{role:engine}</c> stands for the quoted name of that database role and <c>{schema}</c> for the quoted schema. Each migration is
/// one transaction, with the schema first in the search path.
/// </summary>
/// <param name="Schema">The schema; lower-case letters, digits and underscores. It is created and owned by the migrator.</param>
/// <param name="Assembly">Where the resources are.</param>
/// <param name="Roles">The database roles that may use the schema; what they may do in it, the migrations grant.</param>
public sealed record MigrationSet(string Schema, Assembly Assembly, IReadOnlyList<string> Roles)
{
    /// <summary>Takes the place of the resources in tests.</summary>
    internal IReadOnlyList<Migration>? Given { get; init; }

    internal IReadOnlyList<Migration> Read() => Given ?? MigrationFiles.Read(Schema, Assembly);
}
