using System.Globalization;
using System.Text.RegularExpressions;

namespace Minion.Data.Embedded;

/// <summary>The programs of one PostgreSQL.</summary>
internal sealed partial record PostgresPrograms(string Folder, int Major)
{
    /// <summary>The oldest version that Minion works with.</summary>
    public const int Oldest = 15;

    public string Server => Path.Combine(Folder, "postgres");

    public string Initdb => Path.Combine(Folder, "initdb");

    /// <summary>Null when the folder has no programs, or broken ones.</summary>
    public static async Task<PostgresPrograms?> InAsync(string folder, CancellationToken cancellationToken)
    {
        var programs = new PostgresPrograms(folder, 0);
        if (!File.Exists(programs.Server) || !File.Exists(programs.Initdb))
        {
            return null;
        }

        var (code, output) = await Command.RunAsync([programs.Server, "--version"], cancellationToken);
        return code == 0 && Version().Match(output) is { Success: true } match
            ? programs with { Major = int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture) }
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
