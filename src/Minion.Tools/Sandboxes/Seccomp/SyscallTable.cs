using System.Runtime.InteropServices;

namespace Minion.Tools.Sandboxes.Seccomp;

/// <summary>The numbers of one processor's system calls that the filter names (asm/unistd_64.h, asm-generic/unistd.h).</summary>
/// <param name="Architecture">AUDIT_ARCH_… (linux/audit.h).</param>
/// <param name="Newest">Calls from here on are not known to the filter.</param>
/// <param name="Numbers">By name.</param>
internal sealed record SyscallTable(uint Architecture, uint Newest, IReadOnlyDictionary<string, uint> Numbers)
{
    private const uint NewestKnown = 451; // after set_mempolicy_home_node; what came later (cachestat, map_shadow_stack, listmount…) is refused

    private static readonly Dictionary<string, uint> Common = new(StringComparer.Ordinal)
    {
        ["io_uring_setup"] = 425, ["io_uring_enter"] = 426, ["io_uring_register"] = 427, ["open_tree"] = 428, ["move_mount"] = 429,
        ["fsopen"] = 430, ["fsconfig"] = 431, ["fsmount"] = 432, ["fspick"] = 433, ["clone3"] = 435,
        ["pidfd_getfd"] = 438, ["process_madvise"] = 440, ["mount_setattr"] = 442, ["quotactl_fd"] = 443, ["memfd_secret"] = 447,
        ["process_mrelease"] = 448,
    };

    private static readonly SyscallTable X64 = new(0xC000003E, NewestKnown, new Dictionary<string, uint>(Common, StringComparer.Ordinal)
    {
        ["ioctl"] = 16, ["shmget"] = 29, ["socket"] = 41, ["socketpair"] = 53, ["clone"] = 56, ["msgget"] = 68, ["chmod"] = 90, ["fchmod"] = 91, ["ptrace"] = 101, ["syslog"] = 103,
        ["mknod"] = 133, ["uselib"] = 134, ["personality"] = 135, ["ustat"] = 136, ["sysfs"] = 139, ["vhangup"] = 153, ["modify_ldt"] = 154,
        ["pivot_root"] = 155, ["_sysctl"] = 156, ["adjtimex"] = 159, ["chroot"] = 161, ["acct"] = 163, ["settimeofday"] = 164, ["mount"] = 165,
        ["umount2"] = 166, ["swapon"] = 167, ["swapoff"] = 168, ["reboot"] = 169, ["sethostname"] = 170, ["setdomainname"] = 171, ["iopl"] = 172,
        ["ioperm"] = 173, ["create_module"] = 174, ["init_module"] = 175, ["delete_module"] = 176, ["get_kernel_syms"] = 177, ["query_module"] = 178,
        ["quotactl"] = 179, ["nfsservctl"] = 180, ["lookup_dcookie"] = 212, ["clock_settime"] = 227, ["mbind"] = 237, ["set_mempolicy"] = 238,
        ["kexec_load"] = 246, ["add_key"] = 248, ["request_key"] = 249, ["keyctl"] = 250, ["migrate_pages"] = 256, ["mknodat"] = 259, ["fchmodat"] = 268,
        ["unshare"] = 272, ["move_pages"] = 279, ["perf_event_open"] = 298, ["fanotify_init"] = 300, ["name_to_handle_at"] = 303,
        ["open_by_handle_at"] = 304, ["clock_adjtime"] = 305, ["setns"] = 308, ["process_vm_readv"] = 310, ["process_vm_writev"] = 311, ["kcmp"] = 312,
        ["finit_module"] = 313, ["memfd_create"] = 319, ["kexec_file_load"] = 320, ["bpf"] = 321, ["userfaultfd"] = 323,
    });

    private static readonly SyscallTable Arm64 = new(0xC00000B7, NewestKnown, new Dictionary<string, uint>(Common, StringComparer.Ordinal)
    {
        ["lookup_dcookie"] = 18, ["ioctl"] = 29, ["mknodat"] = 33, ["umount2"] = 39, ["mount"] = 40, ["pivot_root"] = 41, ["nfsservctl"] = 42,
        ["chroot"] = 51, ["fchmod"] = 52, ["fchmodat"] = 53, ["vhangup"] = 58, ["quotactl"] = 60, ["acct"] = 89, ["personality"] = 92, ["unshare"] = 97,
        ["kexec_load"] = 104, ["init_module"] = 105, ["delete_module"] = 106, ["clock_settime"] = 112, ["syslog"] = 116, ["ptrace"] = 117,
        ["reboot"] = 142, ["sethostname"] = 161, ["setdomainname"] = 162, ["settimeofday"] = 170, ["adjtimex"] = 171, ["msgget"] = 186, ["shmget"] = 194, ["socket"] = 198,
        ["socketpair"] = 199, ["add_key"] = 217, ["request_key"] = 218, ["keyctl"] = 219, ["clone"] = 220, ["swapon"] = 224, ["swapoff"] = 225,
        ["mbind"] = 235, ["set_mempolicy"] = 237, ["migrate_pages"] = 238, ["move_pages"] = 239, ["perf_event_open"] = 241, ["fanotify_init"] = 262,
        ["name_to_handle_at"] = 264, ["open_by_handle_at"] = 265, ["clock_adjtime"] = 266, ["setns"] = 268, ["process_vm_readv"] = 270,
        ["process_vm_writev"] = 271, ["kcmp"] = 272, ["finit_module"] = 273, ["memfd_create"] = 279, ["bpf"] = 280, ["userfaultfd"] = 282, ["kexec_file_load"] = 294,
    });

    /// <summary>The table of this machine's processor; null when there is none.</summary>
    public static SyscallTable? Here => Of(RuntimeInformation.OSArchitecture);

    /// <summary>The table of a processor; null when there is none.</summary>
    public static SyscallTable? Of(Architecture processor) => processor switch
    {
        System.Runtime.InteropServices.Architecture.X64 => X64,
        System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
        _ => null,
    };
}
