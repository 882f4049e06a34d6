using System.Diagnostics;

namespace Minion.Tools.Browser;

/// <summary>
/// The program that is started in the browser's place: bubblewrap, with the browser in it. The browser sees the system's programs and fonts
/// (read-only), its own profile and the folder for downloads; no other files, processes or variables, and it is not root.
/// </summary>
internal static class BrowserWrapper
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] Readable =
    [
        "/etc/fonts", "/etc/ssl", "/etc/ca-certificates", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/chromium",
        "/etc/chromium.d", "/etc/opt/chrome", "/opt", "/sys/devices/system/cpu",
    ];

    /// <summary>Writes the program; the folder is 0700 and has a folder <c>downloads</c>.</summary>
    public static string Write(string folder, string bubblewrap, string browser)
    {
        var path = Path.Combine(folder, "browser");
        File.WriteAllText(path, $$"""
            #!/bin/sh
            for argument in "$@"; do
              case "$argument" in --user-data-dir=*) profile=${argument#*=};; esac
            done
            exec {{Quote(bubblewrap)}} {{string.Join(' ', Confinement())}} \
              --bind "$profile" "$profile" --bind {{Quote(Path.Combine(folder, "downloads"))}} {{Quote(Path.Combine(folder, "downloads"))}} \
              -- {{Quote(browser)}} "$@"

            """);
        File.SetUnixFileMode(path, OwnerOnly);
        return path;
    }

    /// <summary>Whether bubblewrap works here: it needs user namespaces, which a container or a kernel setting may forbid.</summary>
    public static async Task<bool> WorksAsync(string bubblewrap, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {Quote(bubblewrap)} {string.Join(' ', Confinement())} -- /usr/bin/env true"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }

    private static IEnumerable<string> Confinement() =>
    [
        "--die-with-parent --new-session --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try",
        "--uid 65534 --gid 65534 --cap-drop ALL --hostname browser --clearenv",
        "--setenv PATH /usr/bin:/bin --setenv HOME /home/browser --setenv LANG C.UTF-8",
        "--ro-bind /usr /usr",
        .. new[] { "bin", "sbin", "lib", "lib32", "lib64" }.Select(System),
        .. Readable.Select(path => $"--ro-bind-try {path} {path}"),
        "--proc /proc --dev /dev --tmpfs /dev/shm --tmpfs /tmp --tmpfs /home --dir /home/browser --dir /run --chdir /",
    ];

    /// <summary>Where the system has them under /usr, the same links; else the folders.</summary>
    private static string System(string name) =>
        new DirectoryInfo("/" + name).LinkTarget is { } target ? $"--symlink {target} /{name}" : $"--ro-bind-try /{name} /{name}";

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
