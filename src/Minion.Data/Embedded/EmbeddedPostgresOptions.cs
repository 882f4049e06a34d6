namespace Minion.Data.Embedded;

/// <summary>What a private PostgreSQL is started with.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>The data folder; PostgreSQL's own is <c>postgres</c> in it.</summary>
    public required string Folder { get; init; }

    /// <summary>For tests: nothing is synced to disk, and the whole folder is removed when the server ends.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Whether a new folder is on disk before it is used; tests do without.</summary>
    public bool SyncNewFolder { get; init; } = true;

    /// <summary>The port on the loopback interface that other processes connect to; null for the Unix socket alone.</summary>
    public int? Port { get; init; }

    /// <summary>The login's password from this start on; null for the one in the folder.</summary>
    public string? Password { get; init; }

    /// <summary>Settings of PostgreSQL that go before the usual ones.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    /// <summary>Where programs are looked for.</summary>
    public PostgresPlaces Places { get; init; } = PostgresPlaces.OfThisMachine();

    /// <summary>How long a start may take; after a crash it includes the recovery from the log.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    public string PostgresFolder => Path.Combine(Folder, "postgres");
}
