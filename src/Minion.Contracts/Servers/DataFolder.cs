namespace Minion.Contracts.Servers;

/// <summary>Where a server keeps what is its own: the database, keys, and the note on the running server.</summary>
public static class DataFolder
{
    /// <summary>
    /// The folder when none is given: <c>.minion/data</c> in the user's home, or <c>/var/lib/minion</c> for root.
    /// </summary>
    public static string Default =>
        Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? "/var/lib/minion"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".minion", "data");
}
