namespace Minion.Tools.Tests.Sandboxes;

/// <summary>Attacks through system calls, made directly: the C library is not asked.</summary>
internal static class KernelCalls
{
    private const string Calls = """
        import ctypes, os, errno
        libc = ctypes.CDLL(None, use_errno=True)
        ARM = os.uname().machine == "aarch64"
        def call(x64, arm64, *arguments):
            number = arm64 if ARM else x64
            if number < 0:
                return -1, errno.ENOSYS
            ctypes.set_errno(0)
            result = libc.syscall(ctypes.c_long(number), *[ctypes.c_void_p(a) if isinstance(a, int) else a for a in arguments])
            return result, ctypes.get_errno()
        def refused(*answers):
            bad = [a for a in answers if a[0] != -1 or a[1] not in (errno.EPERM, errno.ENOSYS)]
            print("ESCAPED", bad) if bad else print("HELD")

        """;

    public static readonly Attack[] Attacks =
    [
        Of("ptrace of another process", "refused(call(101, 117, 16, 1, 0, 0), call(101, 117, 0, 0, 0, 0))"),
        Of("memory of another process", "refused(call(310, 270, 1, 0, 0, 0, 0, 0), call(311, 271, 1, 0, 0, 0, 0, 0))"),
        Of("mounting", "refused(call(165, 40, b'none', b'/tmp', b'tmpfs', 0, 0), call(166, 39, b'/proc', 2))"),
        Of("the new calls for mounting", "refused(call(428, 428, -100, b'/', 1), call(429, 429, -1, b'', -1, b'', 0), call(430, 430, b'tmpfs', 0), call(432, 432, -1, 0, 0), call(442, 442, -1, b'', 0, 0, 0))"),
        Of("another root", "refused(call(161, 51, b'/tmp'), call(155, 41, b'/tmp', b'/tmp'))"),
        Of("new namespaces", "refused(*[call(272, 97, flag) for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x04000000, 0x08000000)])"),
        Of("a new user namespace by clone", "refused(call(56, 220, 0x10000000 | 17, 0, 0, 0, 0), call(435, 435, 0, 0))"),
        Of("entering a namespace", "refused(call(308, 268, os.open('/proc/self/ns/net', os.O_RDONLY), 0), call(308, 268, os.open('/proc/1/ns/mnt', os.O_RDONLY), 0))"),
        Of("kernel keyrings", "refused(call(248, 217, b'user', b'x', b'y', 1, -3), call(249, 218, b'user', b'x', 0, -3), call(250, 219, 0, -3, 1))"),
        Of("programs in the kernel (bpf) and its counters", "refused(call(321, 280, 0, 0, 0), call(298, 241, 0, 0, -1, -1, 0))"),
        Of("io_uring, which goes around filters", "refused(call(425, 425, 8, 0), call(426, 426, -1, 1, 0, 0, 0), call(427, 427, -1, 0, 0, 0))"),
        Of("handling page faults of the kernel", "refused(call(323, 282, 0))"),
        Of("kernel modules and another kernel", "refused(call(175, 105, 0, 0, b''), call(313, 273, -1, b'', 0), call(176, 106, b'x', 0), call(246, 104, 0, 0, 0, 0), call(320, 294, -1, -1, 0, b'', 0))"),
        Of("the clock and the name of the host", "refused(call(164, 170, 0, 0), call(227, 112, 0, 0), call(159, 171, 0), call(170, 161, b'x', 1), call(171, 162, b'x', 1))"),
        Of("restarting, swapping, accounting", "refused(call(169, 142, 0xfee1dead, 672274793, 0x4321fedc, 0), call(167, 224, b'/tmp/x', 0), call(163, 89, b'/tmp/x'), call(103, 116, 3, 0, 0))"),
        Of("files by handles", "refused(call(304, 265, -100, 0, 0), call(303, 264, -100, b'/usr', 0, 0, 0))"),
        Of("files of another process by its handle", "refused(call(438, 438, -1, 0, 0))"),
        Of("hardware ports", "refused(call(172, -1, 3), call(173, -1, 0, 1, 1))"),
        Of("devices", """
            made = []
            for mode, device in ((0o60666, (254, 0)), (0o20666, (1, 1)), (0o20666, (10, 232))):
                try:
                    os.mknod(f"/tmp/device{mode}", mode, os.makedev(*device))
                    made.append(mode)
                except OSError:
                    pass
            print("ESCAPED", made) if made else print("HELD")
            """),
        Of("files that run as their owner", """
            open("/tmp/own", "w").close()
            answers = [call(90, -1, b'/tmp/own', 0o4755), call(268, 53, -100, b'/tmp/own', 0o6755)]
            refused(*answers)
            """),
        Of("typing into the terminal that started it", """
            import fcntl
            answers = []
            for number in (0, 1, 2):
                for request in (0x5412, 0x541C):
                    answers.append(call(16, 29, number, request, b'x'))
            try:
                os.open("/dev/tty", os.O_RDWR)
                print("ESCAPED tty")
            except OSError:
                refused(*answers)
            """),
        Of("sockets that no namespace holds", "refused(*[call(41, 198, family, kind, 0) for family, kind in ((40, 1), (17, 3), (38, 5), (31, 3), (29, 3), (44, 3), (16, 3), (30, 1))] [:6], call(41, 198, 16, 3, 15), call(41, 198, 16, 3, 9))"),
        Of("another processor's calls", """
            import mmap, platform
            if platform.machine() != "x86_64":
                print("HELD: no such calls")
            else:
                child = os.fork()
                if child == 0:
                    # mov eax, 20 (getpid of 32-bit programs); int 0x80; ret
                    area = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
                    area.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))
                    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
                    ctypes.CFUNCTYPE(ctypes.c_int)(address)()
                    os._exit(0)
                status = os.waitpid(child, 0)[1]
                print("HELD" if os.WIFSIGNALED(status) else "ESCAPED")
            """),
        Of("calls of the x32 kind and calls that are newer than the filter", "refused(call(0x40000000 + 39, -1), call(457, 457, 0, 0, 0, 0), call(458, 458, 0, 0, 0, 0), call(600, 600))"),
        Of("getting rights back", """
            answers = [call(105, 146, 0), call(106, 144, 0), call(126, 91, b'\x22\x05\x08\x20' + bytes(4), b'\xff' * 24)]
            status = open("/proc/self/status").read()
            rights = [line for line in status.splitlines() if line.startswith("Cap") and int(line.split()[1], 16) != 0]
            held = all(a[0] == -1 for a in answers) and not rights and "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status
            print("HELD" if held else "ESCAPED", answers, rights)
            """),
    ];

    private static Attack Of(string name, string code) => Attack.Refused(name, Calls + code);
}
