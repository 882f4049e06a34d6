using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Minion.Tools.Sandboxes.Bubblewrap;

/// <summary>How a sandbox is started: a shell opens its files, joins its control groups, and becomes bubblewrap.</summary>
internal static class Launch
{
    private const string Shell = "/bin/sh";
    private const int Politeness = 10;

    /// <summary>What to start.</summary>
    /// <param name="bubblewrap">The program.</param>
    /// <param name="hostUser">The user on the host that the sandbox is, for root; null for the present one.</param>
    /// <param name="folder">The files of the call, written.</param>
    /// <param name="filter">The file with the filter of system calls.</param>
    /// <param name="homeBefore">The packed home folder; null when there is none.</param>
    /// <param name="keep">Whether the home folder is wanted afterwards.</param>
    /// <param name="groups">The files that a process joins control groups by.</param>
    /// <param name="inner">The script that runs in the sandbox.</param>
    /// <param name="program">Its arguments.</param>
    public static ProcessStartInfo Info(
        string bubblewrap,
        int? hostUser,
        CallFolder folder,
        string filter,
        string? homeBefore,
        bool keep,
        IEnumerable<string> groups,
        string inner,
        IEnumerable<string> program)
    {
        var info = new ProcessStartInfo(Shell)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };

        // The first process in the sandbox is bubblewrap itself: what is in its environment can be read there.
        info.Environment.Clear();
        string[] command =
        [
            "-c", Script(folder, filter, homeBefore, keep, groups), "sh",
            .. AsUser(hostUser),
            bubblewrap, "--args", Text(BubblewrapArguments.Descriptors.Arguments), "--",
            Shell, "-c", inner, "sh", .. program,
        ];
        foreach (var argument in command)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }

    private static string Script(CallFolder folder, string filter, string? homeBefore, bool keep, IEnumerable<string> groups)
    {
        var script = new StringBuilder("{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; ");
        foreach (var group in groups)
        {
            script.Append(CultureInfo.InvariantCulture, $"echo $$ >{Quoted(group)} || exit 126; ");
        }

        script.Append("exec");
        Open(BubblewrapArguments.Descriptors.Code, "<", folder.Code);
        Open(BubblewrapArguments.Descriptors.Arguments, "<", folder.Arguments);
        Open(BubblewrapArguments.Descriptors.Filter, "<", filter);
        Open(BubblewrapArguments.Descriptors.Status, ">", folder.Status);
        Open(BubblewrapArguments.Descriptors.Files, "<", File.Exists(folder.Files) ? folder.Files : "/dev/null");
        Open(BubblewrapArguments.Descriptors.HomeBefore, "<", homeBefore ?? "/dev/null");
        Open(BubblewrapArguments.Descriptors.HomeAfter, ">", keep ? folder.HomeAfter : "/dev/null");
        script.Append(" || exit 126; ");
        script.Append(CultureInfo.InvariantCulture, $"exec /usr/bin/nice -n {Politeness} \"$@\"");
        return script.ToString();

        void Open(int descriptor, string direction, string path) =>
            script.Append(CultureInfo.InvariantCulture, $" {descriptor}{direction}{Quoted(path)}");
    }

    private static string[] AsUser(int? hostUser) => hostUser is { } user
        ? ["/usr/bin/setpriv", $"--reuid={Text(user)}", $"--regid={Text(user)}", "--clear-groups", "--"]
        : [];

    private static string Quoted(string path) => "'" + path.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
