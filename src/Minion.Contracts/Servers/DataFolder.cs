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

    /// <summary>
    /// Creates the folder when it is missing: for this user only. PostgreSQL, which root runs as another user, may pass through root's.
    /// </summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not create it.</exception>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        var others = Environment.IsPrivilegedProcess ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : UnixFileMode.None;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
    }
}
