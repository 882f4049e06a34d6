namespace Minion.Data.Embedded;

/// <summary>Where PostgreSQL's programs may be.</summary>
internal sealed record PostgresPlaces
{
    /// <summary>Folders with programs, the preferred ones first.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Where the npm package is unpacked when there are none.</summary>
    public required string Tools { get; init; }

    /// <summary>The search path for <c>npm</c>.</summary>
    public required string Path { get; init; }

    public static PostgresPlaces OfThisMachine()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return new PostgresPlaces
        {
            Path = path,
            Folders = [.. path.Split(':', StringSplitOptions.RemoveEmptyEntries), .. Patterns.SelectMany(Matching)],
            Tools = Environment.IsPrivilegedProcess
                ? "/var/lib/minion/tools"
                : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".minion", "tools"),
        };
    }

    /// <summary>Debian, Red Hat, Alpine, Homebrew on both kinds of processor, Postgres.app, built from source.</summary>
    private static (string Parent, string Pattern, string Below)[] Patterns { get; } =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/usr/libexec", "postgresql*", ""),
        ("/opt/homebrew/opt", "postgresql*", "bin"),
        ("/usr/local/opt", "postgresql*", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        ("/usr/local", "pgsql", "bin"),
    ];

    /// <summary>Newest version first.</summary>
    private static IEnumerable<string> Matching((string Parent, string Pattern, string Below) place) =>
        Directory.Exists(place.Parent)
            ? Directory.EnumerateDirectories(place.Parent, place.Pattern)
                .OrderByDescending(VersionIn)
                .Select(folder => System.IO.Path.Combine(folder, place.Below))
            : [];

    private static int VersionIn(string folder) =>
        int.TryParse(string.Concat(System.IO.Path.GetFileName(folder).Where(char.IsAsciiDigit)), out var version) ? version : 0;
}
