namespace Minion.Tools.Tests.Sandboxes;

/// <summary>Attacks that want to know what is the host's.</summary>
internal static class ReadingHost
{
    /// <summary>A secret that the tests put into the environment of this process.</summary>
    public const string Secret = "MINION_BATTERY_SECRET";

    public static readonly Attack[] Attacks =
    [
        Unreadable("reading password hashes", "/etc/shadow", "/etc/gshadow", "/etc/passwd-", "/etc/sudoers"),
        Unreadable("reading other people's folders", "/root", "/home/agent/../../root/.ssh", "/mnt", "/work", "/opt", "/srv", "/var/lib", "/var/log", "/boot"),
        Unreadable("reading the kernel's memory and secrets", "/proc/kcore", "/dev/mem", "/dev/kmem", "/dev/port", "/proc/kmsg", "/proc/1/mem", "/sys/kernel", "/sys/firmware"),
        Unreadable("reading disks", "/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/loop0", "/dev/loop-control", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/vsock"),
        Unreadable("reading control groups and security settings", "/sys/fs/cgroup", "/sys/fs/bpf", "/sys/kernel/security", "/sys/kernel/debug", "/sys/class/net"),
        Unreadable("reading sockets of services", "/var/run/docker.sock", "/run/docker.sock", "/run/containerd", "/run/dbus", "/run/systemd", "/run/postgresql", "/var/run/postgresql"),
        Unreadable("reading the machine's identity", "/etc/machine-id", "/etc/hostname", "/var/lib/dbus/machine-id", "/etc/resolv.conf", "/etc/hosts"),
        Attack.Refused("secrets in the environment", $"""
            import glob
            found = []
            for path in glob.glob("/proc/*/environ"):
                try:
                    text = open(path, "rb").read()
                except OSError:
                    continue
                if b"{Secret}" in text or b"_API_KEY" in text or b"_TOKEN" in text or b"PASSWORD" in text:
                    found.append(path)
            print("ESCAPED", found) if found else print("HELD")
            """),
        Attack.Refused("list of the host's processes", """
            import os
            numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
            names = [open(f"/proc/{number}/comm").read().strip() for number in numbers]
            strange = [name for name in names if name not in ("bwrap", "sh", "python3", "python3.11")]
            print("ESCAPED", names) if strange or len(numbers) > 6 else print("HELD")
            """),
        Attack.Refused("host paths in arguments of processes", """
            import glob
            text = b" ".join(open(path, "rb").read() for path in glob.glob("/proc/[0-9]*/cmdline"))
            print("ESCAPED", text) if b"minion-sandbox-test" in text or b"setpriv" in text else print("HELD")
            """),
        Attack.Refused("open files that were inherited", """
            import os
            own = os.listdir("/proc/self/fd")
            strange = []
            for number in own:
                try:
                    target = os.readlink("/proc/self/fd/" + number)
                except OSError:
                    continue
                if not (target.startswith("pipe:") or target == "/dev/null" or target.startswith("/proc/") or target == "/run/minion/main.py"):
                    strange.append(number + " " + target)
            print("ESCAPED", strange) if strange else print("HELD")
            """),
        Attack.Refused("files of the first process", """
            import os
            found = []
            for what in ("root", "cwd", "exe", "fd"):
                for process in ("1", str(os.getppid())):
                    path = f"/proc/{process}/{what}"
                    try:
                        for name in (os.listdir(path) if what != "exe" else []):
                            if what == "fd":
                                target = os.readlink(path + "/" + name)
                                if "sandbox" in target or "minion" in target:
                                    found.append(target)
                            elif name in ("work", "root", "mnt", "srv", "boot"):
                                found.append(path + "/" + name)
                    except OSError:
                        pass
            print("ESCAPED", found) if found else print("HELD")
            """),
        Attack.Refused("command line of the kernel and its keys", """
            text = ""
            for path in ("/proc/cmdline", "/proc/keys", "/proc/key-users", "/proc/kallsyms", "/proc/modules", "/proc/timer_list"):
                try:
                    text += open(path).read(4096)
                except OSError:
                    pass
            print("ESCAPED", text[:200]) if text.strip() else print("HELD")
            """),
    ];

    // Reachable means more than a name: a file that gives bytes, or a folder with something in it.
    private static Attack Unreadable(string name, params string[] paths) => Attack.Refused(name, $$"""
        import os
        found = []
        for path in {{System.Text.Json.JsonSerializer.Serialize(paths)}}:
            try:
                if os.path.isdir(path):
                    if os.listdir(path):
                        found.append(path)
                else:
                    with open(path, "rb") as file:
                        if file.read(16):
                            found.append(path)
            except OSError:
                pass
        print("ESCAPED", found) if found else print("HELD")
        """);
}
