using Microsoft.Extensions.Configuration;

namespace Minion.Data;

/// <summary>The folder that an installation keeps its data in.</summary>
public static class DataFolder
{
    /// <summary>The setting that names it.</summary>
    public const string Setting = "Data:Folder";

    /// <summary>
    /// The full path in <c>Data:Folder</c>; without that setting <c>/var/lib/minion</c> for root, else <c>~/.minion/data</c>.
    /// </summary>
    /// <param name="configuration">The host's configuration.</param>
    public static string Resolve(IConfiguration configuration) =>
        configuration[Setting] is { Length: > 0 } given ? Path.GetFullPath(given) : Default;

    private static string Default => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
        ? "/var/lib/minion"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".minion", "data");
}
