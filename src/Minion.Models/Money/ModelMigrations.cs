using Minion.Data;
using Minion.Data.Migrations;

namespace Minion.Models;

/// <summary>The schema of the model gateway.</summary>
public static class ModelMigrations
{
    /// <summary>Schema <c>models</c>, used by the role of the same name.</summary>
    public static MigrationSet Set { get; } = new("models", typeof(ModelMigrations).Assembly, [DatabaseRoles.Models]);
}
