using System.Globalization;

namespace Minion.Tools.Sandboxes.Bubblewrap;

/// <summary>What a sandbox sees and may do, as bubblewrap's arguments. Pure.</summary>
internal static class BubblewrapArguments
{
    /// <summary>User and group in the sandbox.</summary>
    public const int User = 1000;

    /// <summary>The file descriptors that the launcher opens.</summary>
    public static class Descriptors
    {
        public const int Code = 3;
        public const int Files = 4;
        public const int HomeBefore = 5;
        public const int HomeAfter = 6;
        public const int Status = 7;
        public const int Arguments = 8;
        public const int Filter = 9;
    }

    // What a program needs of /etc to run at all; no host's names, keys or passwords.
    private static readonly string[] SystemFiles =
    [
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime", "/etc/mime.types", "/etc/ssl/certs",
        "/etc/ssl/openssl.cnf", "/etc/ca-certificates", "/etc/nsswitch.conf", "/etc/protocols", "/etc/services", "/etc/python3", "/etc/python3.11",
    ];

    // What the kernel tells everybody, and a sandbox need not know.
    private static readonly string[] HiddenFiles =
    [
        "/proc/cmdline", "/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/kallsyms", "/proc/kmsg", "/proc/modules", "/proc/sched_debug",
        "/proc/sysrq-trigger", "/proc/timer_list", "/proc/latency_stats", "/proc/config.gz", "/proc/version_signature", "/proc/partitions",
        "/proc/diskstats", "/proc/interrupts", "/proc/softirqs", "/proc/vmallocinfo", "/proc/slabinfo", "/proc/pagetypeinfo", "/proc/swaps",
    ];

    private static readonly string[] HiddenFolders = ["/proc/acpi", "/proc/asound", "/proc/bus", "/proc/driver", "/proc/fs", "/proc/irq", "/proc/scsi", "/proc/tty"];

    /// <summary>The arguments before the command.</summary>
    /// <param name="options">Sizes and folders.</param>
    /// <param name="command">Code and variables.</param>
    /// <param name="proxy">The socket of the proxy on the host; null without network.</param>
    public static IReadOnlyList<string> For(SandboxOptions options, SandboxCommand command, string? proxy) =>
    [
        .. Isolation(),
        .. System(options),
        .. Kernel(),
        .. Writable(options),
        .. command.Code.Length > 0 ? ["--perms", "0444", "--ro-bind-data", Text(Descriptors.Code), command.CodePath] : Array.Empty<string>(),
        .. proxy is null ? [] : new[] { "--bind", proxy, $"{SandboxCommand.CodeFolder}/proxy" },
        "--remount-ro", "/dev", "--remount-ro", "/",
        .. Variables(command),
        "--chdir", SandboxCommand.Home,
    ];

    private static string[] Isolation() =>
    [
        "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--disable-userns",
        "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--uid", Text(User), "--gid", Text(User), "--hostname", "sandbox", "--clearenv",
        "--seccomp", Text(Descriptors.Filter), "--json-status-fd", Text(Descriptors.Status),
    ];

    private static IEnumerable<string> System(SandboxOptions options)
    {
        List<string> arguments = ["--ro-bind", "/usr", "/usr"];
        foreach (var name in new[] { "bin", "sbin", "lib", "lib32", "lib64", "libx32" })
        {
            if (Directory.Exists("/" + name))
            {
                arguments.AddRange(new DirectoryInfo("/" + name).LinkTarget is null ? ["--ro-bind", "/" + name, "/" + name] : ["--symlink", "usr/" + name, "/" + name]);
            }
        }

        foreach (var path in SystemFiles.Concat(options.ReadOnlyFolders).Where(Path.Exists))
        {
            arguments.AddRange(["--ro-bind", path, path]);
        }

        return arguments;
    }

    private static IEnumerable<string> Kernel() =>
    [
        "--proc", "/proc",
        .. HiddenFiles.Where(File.Exists).SelectMany(file => new[] { "--ro-bind", "/dev/null", file }),
        .. HiddenFolders.Where(Directory.Exists).SelectMany(folder => new[] { "--size", "4096", "--tmpfs", folder, "--remount-ro", folder }),
        "--dev", "/dev",
    ];

    private static string[] Writable(SandboxOptions options) =>
    [
        "--perms", "1777", "--size", Text(16L << 20), "--tmpfs", "/dev/shm",
        "--perms", "1777", "--size", Text((long)options.TemporaryMb << 20), "--tmpfs", "/tmp",
        "--perms", "0700", "--size", Text((long)options.HomeMb << 20), "--tmpfs", SandboxCommand.Home,
        "--dir", "/var/empty", "--symlink", "/tmp", "/var/tmp",
        "--perms", "0755", "--dir", SandboxCommand.CodeFolder,
    ];

    private static IEnumerable<string> Variables(SandboxCommand command)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = SandboxCommand.Home,
            ["USER"] = "agent",
            ["LANG"] = "C.UTF-8",
            ["TERM"] = "dumb",
            ["TMPDIR"] = "/tmp",
            ["DOTNET_EnableWriteXorExecute"] = "0", // it needs memory that the filter refuses (memfd_create)
        };
        foreach (var (name, value) in command.Environment)
        {
            variables[name] = value;
        }

        return variables.SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
