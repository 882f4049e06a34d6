using System.Diagnostics;
using System.Globalization;

namespace Minion.Tools.Browser;

/// <summary>
/// The program that is started in the browser's place: bubblewrap, with the browser in it. The browser sees the system's programs and fonts
/// (read-only), its own profile and the folder for downloads; no other files, processes or variables, no network but the ways to its proxies, and
/// it is not root.
/// </summary>
internal static class BrowserWrapper
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const int Politeness = 5;

    private static readonly string[] Readable =
    [
        "/etc/fonts", "/etc/ssl", "/etc/ca-certificates", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/chromium",
        "/etc/chromium.d", "/etc/opt/chrome", "/opt", "/sys/devices/system/cpu",
    ];

    /// <summary>Writes the program.</summary>
    /// <param name="folder">Where; it is 0700 and has the folders <c>downloads</c> and <c>proxies</c>.</param>
    /// <param name="bubblewrap">The program.</param>
    /// <param name="browser">The program.</param>
    /// <param name="node">Node.js, for the forwarder.</param>
    /// <param name="start">Lines that come first.</param>
    /// <param name="memoryMb">How large the folders in memory may become together, MiB.</param>
    public static string Write(string folder, string bubblewrap, string browser, string node, IEnumerable<string> start, int memoryMb)
    {
        var path = Path.Combine(folder, "browser");
        var forwarder = Path.Combine(folder, "forwarder.js");
        File.WriteAllText(forwarder, BrowserForwarder.Script);
        File.WriteAllText(path, $$"""
            #!/bin/sh
            {{string.Join('\n', start)}}
            for argument in "$@"; do
              case "$argument" in --user-data-dir=*) profile=${argument#*=};; esac
            done
            exec /usr/bin/nice -n {{Politeness}} {{Quote(bubblewrap)}} {{string.Join(' ', Confinement(memoryMb))}} \
              --bind "$profile" "$profile" --bind {{Quote(Path.Combine(folder, "downloads"))}} {{Quote(Path.Combine(folder, "downloads"))}} \
              --ro-bind {{Quote(node)}} {{BrowserForwarder.Node}} --ro-bind {{Quote(forwarder)}} {{BrowserForwarder.Path}} \
              --bind {{Quote(Path.Combine(folder, "proxies"))}} {{BrowserForwarder.Sockets}} \
              -- {{BrowserForwarder.Node}} {{BrowserForwarder.Path}} {{Quote(browser)}} "$@"

            """);
        File.SetUnixFileMode(path, OwnerOnly);
        return path;
    }

    /// <summary>Whether bubblewrap works here: it needs user namespaces, which a container or a kernel setting may forbid.</summary>
    public static async Task<bool> WorksAsync(string bubblewrap, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {Quote(bubblewrap)} {string.Join(' ', Confinement(memoryMb: 16))} -- /usr/bin/env true"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }

    private static IEnumerable<string> Confinement(int memoryMb) =>
    [
        "--die-with-parent --new-session --unshare-user --unshare-pid --unshare-ipc --unshare-net --unshare-uts --unshare-cgroup-try",
        "--uid 65534 --gid 65534 --cap-drop ALL --hostname browser --clearenv",
        "--setenv PATH /usr/bin:/bin --setenv HOME /home/browser --setenv LANG C.UTF-8",
        "--ro-bind /usr /usr",
        .. new[] { "bin", "sbin", "lib", "lib32", "lib64" }.Select(System),
        .. Readable.Select(path => $"--ro-bind-try {path} {path}"),
        $"--proc /proc --dev /dev {Memory("/dev/shm", memoryMb / 4)} {Memory("/tmp", memoryMb / 2)} {Memory("/home", memoryMb / 4)} --dir /home/browser --dir /run/minion --chdir /",
    ];

    private static string Memory(string folder, int mb) => string.Create(CultureInfo.InvariantCulture, $"--size {(long)mb << 20} --tmpfs {folder}");

    /// <summary>Where the system has them under /usr, the same links; else the folders.</summary>
    private static string System(string name) =>
        new DirectoryInfo("/" + name).LinkTarget is { } target ? $"--symlink {target} /{name}" : $"--ro-bind-try /{name} /{name}";

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
