namespace Minion.Tools.Sandboxes.Seccomp;

/// <summary>
/// The filter over system calls of everything in a sandbox (seccomp(2)): other processors' calls and unknown calls are refused, then what reaches
/// into other processes, the kernel's configuration, keyrings, mounts and new namespaces; memory that belongs to no process and no folder; of
/// sockets all but those that a network namespace contains.
/// </summary>
internal static class SeccompFilter
{
    /// <summary>SECCOMP_RET_KILL_PROCESS.</summary>
    public const uint Kill = 0x80000000;

    /// <summary>SECCOMP_RET_ALLOW.</summary>
    public const uint Allow = 0x7FFF0000;

    /// <summary>SECCOMP_RET_ERRNO with EPERM.</summary>
    public const uint Refuse = 0x00050001;

    /// <summary>SECCOMP_RET_ERRNO with ENOSYS: the C library then does without.</summary>
    public const uint Unknown = 0x00050026;

    // struct seccomp_data: nr, arch, instruction pointer, six arguments of 64 bits.
    private const uint Number = 0;
    private const uint Architecture = 4;
    private const uint X32Bit = 0x40000000;
    private const uint NewNamespaces = 0x7E020080; // CLONE_NEWTIME | NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
    private const uint SetIdBits = 0xC00; // S_ISUID | S_ISGID
    private const uint FileTypes = 0xF000;
    private const uint RegularFile = 0x8000;
    private const uint Fifo = 0x1000;
    private const uint SocketFile = 0xC000;

    private static readonly uint[] InjectingIoctls = [0x5412, 0x541C]; // TIOCSTI, TIOCLINUX
    private static readonly uint[] SocketFamilies = [1, 2, 10]; // AF_UNIX, AF_INET, AF_INET6
    private const uint Netlink = 16;

    private static readonly string[] NotThere = ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"];

    private static readonly string[] Conditional = ["ioctl", "socket", "socketpair", "clone", "chmod", "fchmod", "fchmodat", "mknod", "mknodat", "personality"];

    /// <summary>The program as bubblewrap takes it.</summary>
    public static byte[] Build(SyscallTable table)
    {
        var program = Compile(table);
        var bytes = new byte[program.Count * BpfInstruction.Size];
        for (var i = 0; i < program.Count; i++)
        {
            program[i].Write(bytes.AsSpan(i * BpfInstruction.Size));
        }

        return bytes;
    }

    /// <summary>The instructions. Each rule is a block that falls through to the next; so no jump is longer than its block.</summary>
    public static List<BpfInstruction> Compile(SyscallTable table)
    {
        List<BpfInstruction> program =
        [
            BpfInstruction.Load(Architecture),
            BpfInstruction.Equal(table.Architecture, 1, 0),
            BpfInstruction.Result(Kill),
            BpfInstruction.Load(Number),
            BpfInstruction.AtLeast(X32Bit, 0, 1),
            BpfInstruction.Result(Unknown),
            BpfInstruction.AtLeast(table.Newest, 0, 1),
            BpfInstruction.Result(Unknown),
        ];
        foreach (var (name, number) in table.Numbers)
        {
            program.AddRange(Rule(name, number));
        }

        program.Add(BpfInstruction.Result(Allow));
        return program;
    }

    private static IEnumerable<BpfInstruction> Rule(string name, uint number)
    {
        var body = NotThere.Contains(name, StringComparer.Ordinal) ? [BpfInstruction.Result(Unknown)]
            : !Conditional.Contains(name, StringComparer.Ordinal) ? [BpfInstruction.Result(Refuse)]
            : Condition(name);
        return [BpfInstruction.Equal(number, 0, (byte)body.Length), .. body];
    }

    private static BpfInstruction[] Condition(string name) => name switch
    {
        "ioctl" => RefuseWhenOneOf(1, InjectingIoctls),
        "socket" or "socketpair" => Sockets(),
        "clone" => RefuseWhenAny(0, NewNamespaces),
        "chmod" or "fchmod" => RefuseWhenAny(1, SetIdBits),
        "fchmodat" => RefuseWhenAny(2, SetIdBits),
        "mknod" => Nodes(1),
        "mknodat" => Nodes(2),
        "personality" => Personality(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "This call has no condition."),
    };

    private static BpfInstruction[] RefuseWhenAny(int argument, uint bits) =>
    [
        BpfInstruction.Load(Low(argument)),
        BpfInstruction.AnyBit(bits, 0, 1),
        BpfInstruction.Result(Refuse),
        BpfInstruction.Result(Allow),
    ];

    private static BpfInstruction[] RefuseWhenOneOf(int argument, uint[] values) =>
    [
        BpfInstruction.Load(Low(argument)),
        .. values.Select((value, i) => BpfInstruction.Equal(value, (byte)(values.Length - i), 0)),
        BpfInstruction.Result(Allow),
        BpfInstruction.Result(Refuse),
    ];

    private static BpfInstruction[] Sockets() =>
    [
        BpfInstruction.Load(Low(0)),
        .. SocketFamilies.Select((family, i) => BpfInstruction.Equal(family, (byte)(SocketFamilies.Length - i + 2), 0)),
        BpfInstruction.Equal(Netlink, 0, 3),
        BpfInstruction.Load(Low(2)),
        BpfInstruction.Equal(0, 0, 1), // NETLINK_ROUTE, which lists the interfaces of the namespace
        BpfInstruction.Result(Allow),
        BpfInstruction.Result(Refuse),
    ];

    private static BpfInstruction[] Nodes(int argument) =>
    [
        BpfInstruction.Load(Low(argument)),
        new BpfInstruction(0x54, 0, 0, FileTypes), // BPF_ALU | BPF_AND | BPF_K
        BpfInstruction.Equal(0, 4, 0),
        BpfInstruction.Equal(RegularFile, 3, 0),
        BpfInstruction.Equal(Fifo, 2, 0),
        BpfInstruction.Equal(SocketFile, 1, 0),
        BpfInstruction.Result(Refuse),
        BpfInstruction.Result(Allow),
    ];

    private static BpfInstruction[] Personality() =>
    [
        BpfInstruction.Load(Low(0)),
        BpfInstruction.Equal(0, 2, 0),
        BpfInstruction.Equal(0xFFFFFFFF, 1, 0), // only asks
        BpfInstruction.Result(Refuse),
        BpfInstruction.Result(Allow),
    ];

    // Both processors are little-endian: the low half comes first.
    private static uint Low(int argument) => (uint)(16 + (argument * 8));
}
