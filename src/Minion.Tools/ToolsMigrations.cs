using Minion.Data;
using Minion.Data.Migrations;

namespace Minion.Tools;

/// <summary>The schema of this service.</summary>
public static class ToolsMigrations
{
    /// <summary>Schema <c>tools</c>, used by the role of the same name.</summary>
    public static MigrationSet Set { get; } = new("tools", typeof(ToolsMigrations).Assembly, [DatabaseRoles.Tools]);
}
