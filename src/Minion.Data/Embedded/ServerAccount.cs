using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>The user that PostgreSQL runs as when this process is root: it refuses to run as root.</summary>
internal sealed record ServerAccount(string Name, uint User, uint Group)
{
    private static readonly string[] Preferred = ["postgres", "minion", "nobody"];

    /// <summary>Null when this process is not root: PostgreSQL then runs as the same user.</summary>
    /// <exception cref="Fault">FAILED_PRECONDITION: there is no user or no program to change to one.</exception>
    public static ServerAccount? Choose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(Parse).OfType<ServerAccount>().ToList();
        return Preferred.Select(name => users.Find(u => u.Name == name)).FirstOrDefault(u => u is not null)
            ?? throw Unable($"none of the users {string.Join(", ", Preferred)} exists", "Create one: useradd --system minion.");
    }

    /// <summary>What stands before a command so that it runs as this user.</summary>
    public IReadOnlyList<string> Prefix() =>
        Exists("/usr/bin/setpriv", "/bin/setpriv") is { } setpriv
            ? [setpriv, $"--reuid={User}", $"--regid={Group}", "--clear-groups", "--"]
        : Exists("/usr/sbin/runuser", "/sbin/runuser", "/usr/bin/runuser") is { } runuser ? [runuser, "-u", Name, "--"]
        : Exists("/sbin/su-exec", "/usr/local/bin/gosu", "/usr/sbin/gosu") is { } change ? [change, Name]
        : throw Unable("none of setpriv, runuser, su-exec and gosu is installed", "Install util-linux.");

    /// <summary>Gives a file, or a folder without what is in it, to this user.</summary>
    public void Own(string path) => Libc.Chown(path, User, Group);

    private static ServerAccount? Parse(string line) =>
        line.Split(':') is [var name, _, var user, var group, ..] && uint.TryParse(user, out var u) && uint.TryParse(group, out var g) && u != 0
            ? new ServerAccount(name, u, g)
            : null;

    private static string? Exists(params string[] paths) => Array.Find(paths, File.Exists);

    private static Fault Unable(string why, string hint) => new(
        StatusCode.FailedPrecondition, "POSTGRES_AS_ROOT", $"PostgreSQL does not run as root, and {why}.", $"{hint} Or start as another user.");
}
