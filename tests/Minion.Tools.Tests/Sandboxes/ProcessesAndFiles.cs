using Minion.Tools.Sandboxes;

namespace Minion.Tools.Tests.Sandboxes;

/// <summary>Attacks on other processes, and through files.</summary>
internal static class ProcessesAndFiles
{
    public static readonly Attack[] Attacks =
    [
        new Attack("killing everything that can be seen", "import os\nos.kill(-1, 9)\nos.kill(os.getpid(), 9)\nprint('ESCAPED')", result => result.End == SandboxEnd.Exited && !result.Output.Contains("ESCAPED", StringComparison.Ordinal)),
        new Attack("killing the parents", """
            import os, signal, time
            for process in (os.getppid(), 1):
                for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
                    try:
                        os.kill(process, number)
                    except OSError:
                        pass
            print("still here")
            """, result => result.End is SandboxEnd.Exited or SandboxEnd.TimedOut),
        Attack.Refused("killing processes of the host by number", """
            import os
            hit = []
            for process in range(2, 40_000):
                try:
                    os.kill(process, 0)
                    hit.append(process)
                except OSError:
                    pass
            print("ESCAPED", hit) if len(hit) > 5 else print("HELD")
            """),
        new Attack("leaving a daemon behind", """
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    for number in (0, 1, 2):
                        os.close(number)
                    os.execv("/usr/bin/python3", ["minion-battery-daemon", "-c", "import time; time.sleep(120)"])
                os._exit(0)
            time.sleep(0.3)
            print("HELD")
            """, result => result.End == SandboxEnd.Exited && result.Duration < TimeSpan.FromSeconds(100) && SpinWait.SpinUntil(() => !Daemons.Any(), Eventually.Patience)),
        new Attack("a daemon that keeps the output open", "#!sh\nsetsid sleep 120 &\necho HELD", result => result.End == SandboxEnd.Exited && result.Duration < TimeSpan.FromSeconds(100)),
        Attack.Refused("changing the system", """
            import os
            changed = []
            for path in ("/usr/bin/python3", "/usr/bin/tar", "/etc/ld.so.cache", "/usr/lib/os-release", "/run/minion/main.py", "/bin", "/usr"):
                for attempt in (lambda: open(path, "ab").close(), lambda: os.chmod(path, 0o777), lambda: os.rename(path, path + "x"), lambda: os.unlink(path)):
                    try:
                        attempt()
                        changed.append(path)
                    except OSError:
                        pass
            print("ESCAPED", changed) if changed else print("HELD")
            """),
        Attack.Refused("changing the kernel's settings", """
            changed = []
            for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
                         "/proc/sys/kernel/modprobe", "/proc/sys/user/max_user_namespaces", "/proc/1/oom_score_adj", "/proc/self/uid_map", "/proc/sys/fs/binfmt_misc/register"):
                try:
                    with open(path, "w") as file:
                        file.write("-1000" if "oom" in path else "|/tmp/x")
                    changed.append(path)
                except OSError:
                    pass
            print("ESCAPED", changed) if changed else print("HELD")
            """),
        Attack.Refused("links to what is outside", """
            import os
            got = []
            for target in ("/etc/shadow", "/root/.bashrc", "/proc/1/root/etc/shadow", "/proc/1/cwd/../../etc/shadow"):
                name = "link" + str(len(target))
                os.symlink(target, name)
                try:
                    if open(name, "rb").read(1):
                        got.append(target)
                except OSError:
                    pass
            for target in ("/usr/bin/tar", "/run/minion/main.py", "/etc/ld.so.cache"):
                try:
                    os.link(target, "hard" + str(len(target)))
                    got.append(target)
                except OSError:
                    pass
            print("ESCAPED", got) if got else print("HELD")
            """),
        Attack.Refused("a race between a folder and a link", """
            import os, threading, time
            os.makedirs("d", exist_ok=True)
            stop, got = time.monotonic() + 0.7, []
            def flip():
                while time.monotonic() < stop:
                    try:
                        os.rename("d", "e"); os.symlink("/etc", "d"); os.unlink("d"); os.rename("e", "d")
                    except OSError:
                        pass
            threading.Thread(target=flip).start()
            while time.monotonic() < stop:
                try:
                    if open("d/shadow", "rb").read(1):
                        got.append(1)
                except OSError:
                    pass
            print("ESCAPED") if got else print("HELD")
            """),
        Attack.Refused("raising its own limits", """
            import resource
            raised = []
            for what in (resource.RLIMIT_NPROC, resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_CORE):
                try:
                    resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                    raised.append(what)
                except (ValueError, OSError):
                    pass
            try:
                import os
                os.nice(-5)
                raised.append("nice")
            except OSError:
                pass
            print("ESCAPED", raised) if raised else print("HELD")
            """),
        new Attack(
            "orders to the terminal that shows it",
            "print('\\x1b]0;owned\\x07\\x1b[2J\\x1b]52;c;cm0gLXJm\\x07\\x9b31m\\u202egnp.exe\\r', flush=True)",
            result => result.Output.All(letter => letter == '\n' || (!char.IsControl(letter) && letter is < '\u202A' or > '\u202E'))),
        new Attack("output that is no text", "import os\nos.write(1, bytes(range(256)) * 16)", result => result.Output.Length > 0 && result.Output.All(letter => letter is '\n' or '\t' || !char.IsControl(letter))),
    ];

    private static IEnumerable<string> Daemons => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Select(CommandLine)
        .Where(line => line.Contains("minion-battery-daemon", StringComparison.Ordinal) && line.StartsWith("minion-battery", StringComparison.Ordinal));

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
