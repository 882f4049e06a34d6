namespace Minion.Data.Roles;

/// <summary>The keys of the advisory locks; any numbers that nobody else uses.</summary>
internal static class AdvisoryLocks
{
    /// <summary>Held in the database <c>postgres</c>: roles belong to the whole server, advisory locks to one database.</summary>
    public const long RoleCreation = 0x4D696E696F6E0001;

    /// <summary>Held in the database that is migrated.</summary>
    public const long Migration = 0x4D696E696F6E0002;

    /// <summary>Held in the database in which the migrator may create schemas from then on.</summary>
    public const long SchemaRight = 0x4D696E696F6E0003;
}
