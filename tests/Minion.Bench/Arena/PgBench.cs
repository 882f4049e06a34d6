using System.Globalization;
using System.Text.RegularExpressions;

namespace Minion.Bench.Arena;

/// <summary>PostgreSQL's own load: single-row inserts, each a transaction that is on disk when it is answered.</summary>
internal sealed partial class PgBench(Database database, string folder)
{
    private const string Table =
        """
        CREATE TABLE IF NOT EXISTS public.bench_inserts (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run bigint NOT NULL, payload text NOT NULL)
        """;

    private const string Script =
        """
        \set run random(1, 1000000000)
        INSERT INTO public.bench_inserts (run, payload) VALUES (:run, repeat('x', 200));
        """;

    private readonly string? _program = Find(database.Programs);

    public bool IsInstalled => _program is not null;

    /// <summary>Returns the inserts per second.</summary>
    public async Task<double> InsertsAsync(int clients, TimeSpan duration, CancellationToken ct)
    {
        await database.ExecuteAsync(Table, ct);
        var script = Path.Combine(folder, "insert.sql");
        await File.WriteAllTextAsync(script, Script, ct);
        var login = database.Superuser;
        // The time that it is given begins before it connects, which takes some milliseconds for each client; its rate does not count that.
        var connecting = TimeSpan.FromMilliseconds(20) * clients;
        var (output, _) = await Command.RunAsync(
            _program!,
            [
                "-n", "-M", "prepared", "-f", script, "-c", $"{clients}", "-j", $"{Math.Min(clients, Environment.ProcessorCount)}",
                "-T", $"{Math.Max(1, (int)(duration + connecting).TotalSeconds)}", "-h", login.Host!, "-p", $"{login.Port}", "-U", login.Username!, login.Database!,
            ],
            new Dictionary<string, string> { ["PGPASSWORD"] = login.Password! },
            ct);
        // It tells no rate when not one insert was done, which a very busy machine brings about.
        return Rate().Match(output) is { Success: true } rate ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Beside the server's program, wherever that really is, or on the PATH.</summary>
    private static string? Find(string programs)
    {
        var server = new FileInfo(Path.Combine(programs, "postgres"));
        string?[] folders = [programs, Path.GetDirectoryName(server.ResolveLinkTarget(returnFinalTarget: true)?.FullName), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')];
        return folders.OfType<string>().Select(f => Path.Combine(f, "pgbench")).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"tps = ([\d.]+)", RegexOptions.None, 1_000)]
    private static partial Regex Rate();
}
