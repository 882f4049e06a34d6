namespace Minion.Data.Migrations;

/// <summary>Whether a migration is applied.</summary>
public enum MigrationState
{
    /// <summary>The program has it, the database does not.</summary>
    Pending,

    /// <summary>Both have it, with the same text.</summary>
    Applied,

    /// <summary>Both have it, with different texts.</summary>
    Changed,

    /// <summary>The database has it, the program does not.</summary>
    Unknown,
}

/// <summary>One migration and where it stands.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Version">Its number; migrations are applied in this order.</param>
/// <param name="Name">Its name, from the file.</param>
/// <param name="State">Where it stands.</param>
/// <param name="AppliedAt">When it was applied, by the database's clock; null while it is pending.</param>
public sealed record MigrationStatus(string Schema, int Version, string Name, MigrationState State, DateTimeOffset? AppliedAt)
{
    internal static IEnumerable<MigrationStatus> Compare(
        string schema, IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        var done = applied.ToDictionary(a => a.Version);
        var ours = known.Select(k => done.TryGetValue(k.Version, out var a)
            ? new MigrationStatus(schema, k.Version, k.Name, Same(k, a) ? MigrationState.Applied : MigrationState.Changed, a.AppliedAt)
            : new MigrationStatus(schema, k.Version, k.Name, MigrationState.Pending, AppliedAt: null));
        var foreign = applied
            .Where(a => known.All(k => k.Version != a.Version))
            .Select(a => new MigrationStatus(schema, a.Version, a.Name, MigrationState.Unknown, a.AppliedAt));
        return ours.Concat(foreign).OrderBy(s => s.Version);
    }

    private static bool Same(Migration known, AppliedMigration applied) => known.Checksum == applied.Checksum;
}
