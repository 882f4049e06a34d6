namespace Minion.Data.Embedded;

/// <summary>PostgreSQL's settings, for a machine that also runs everything else: some 200 MB of memory.</summary>
internal static class ServerSettings
{
    /// <summary>Names the socket, also when no port is listened on.</summary>
    public const int DefaultPort = 5432;

    public static IEnumerable<string> Arguments(string socketFolder, EmbeddedPostgresOptions options) =>
        Settings(socketFolder, options.Port).Concat(options.Ephemeral ? Unsafe : []).Concat(options.Settings).SelectMany(s => new[] { "-c", $"{s.Name}={s.Value}" });

    private static IEnumerable<(string Name, string Value)> Settings(string socketFolder, int? port) =>
    [
        ("listen_addresses", port is null ? "" : "localhost"),
        ("port", $"{port ?? DefaultPort}"),
        ("unix_socket_directories", $"\"{socketFolder.Replace("\"", "\"\"", StringComparison.Ordinal)}\""),
        ("unix_socket_permissions", "0700"),
        ("password_encryption", "scram-sha-256"),

        ("max_connections", "150"),
        ("shared_buffers", "128MB"),
        ("effective_cache_size", "1GB"),
        ("work_mem", "8MB"),
        ("maintenance_work_mem", "64MB"),
        ("max_worker_processes", "4"),
        ("max_parallel_workers", "2"),
        ("max_parallel_workers_per_gather", "1"),
        ("random_page_cost", "1.1"),
        ("jit", "off"),

        // One checkpoint in a quarter of an hour, or in a gigabyte: the first change of a page after one costs its whole image.
        ("checkpoint_timeout", "15min"),
        ("max_wal_size", "1GB"),
        ("min_wal_size", "128MB"),
        ("wal_compression", "on"),
        ("autovacuum_naptime", "15s"),

        // After a crash one call for the whole file system takes milliseconds where syncing file by file takes seconds.
        ("recovery_init_sync_method", OperatingSystem.IsLinux() ? "syncfs" : "fsync"),

        // Queries of a client that was killed end, and its locks with them.
        ("client_connection_check_interval", "5s"),
        ("idle_in_transaction_session_timeout", "5min"),
        ("log_min_messages", "warning"),
        ("log_checkpoints", "off"),
        ("log_line_prefix", "%m [%p] %q%u@%d/%a "),
        ("log_timezone", "UTC"),
        ("timezone", "UTC"),
    ];

    private static (string Name, string Value)[] Unsafe { get; } =
    [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("autovacuum_naptime", "1min"),
        ("max_connections", "400"),
    ];
}
