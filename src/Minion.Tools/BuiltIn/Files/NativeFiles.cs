using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>What .NET does not offer of Linux's files: everything relative to an open folder. Numbers: the kernel's headers for x64 and arm64.</summary>
internal static class NativeFiles
{
    public const int CurrentFolder = -100;

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int MustBeNew = 0x80;
    public const int NoTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotFolder = 20;
    public const int IsFolder = 21;
    public const int Invalid = 22;
    public const int DiskFull = 28;
    public const int NameTooLong = 36;
    public const int NotImplemented = 38;
    public const int Link = 40;
    public const int QuotaReached = 122;

    private const ulong ResolveNoMountCrossing = 0x01;
    private const ulong ResolveNoMagicLinks = 0x02;
    private const ulong ResolveNoLinks = 0x04;
    private const ulong ResolveBeneath = 0x08;

    private const int LockExclusive = 2;
    private const int DoNotFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint NoReplace = 1;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int Folder => IsArm ? 0x4000 : 0x10000;

    public static int NoFollow => IsArm ? 0x8000 : 0x20000;

    /// <summary>Whether this system's numbers are the ones here.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static int Error => Marshal.GetLastPInvokeError();

    public static string Describe(int error) => new Win32Exception(error).Message;

    /// <summary>An open file, or an invalid handle and <see cref="Error"/>.</summary>
    public static SafeFileHandle OpenAt(SafeFileHandle? folder, string path, int flags, int mode = 0) =>
        Kept(Held(folder, at => NativeOpenAt(at, path, flags | CloseOnExec, mode)));

    /// <summary>As <see cref="OpenAt"/>, and the kernel holds the whole path to the inside of the folder: no links, no other file systems.</summary>
    public static SafeFileHandle OpenBeneath(SafeFileHandle folder, string path, int flags)
    {
        var how = new OpenHow
        {
            Flags = (ulong)(flags | CloseOnExec),
            Resolve = ResolveBeneath | ResolveNoLinks | ResolveNoMagicLinks | ResolveNoMountCrossing,
        };
        return Kept(Held(folder, at => (int)NativeOpenAt2(437, at, path, ref how, Marshal.SizeOf<OpenHow>())));
    }

    /// <summary>What a name in a folder is, or the folder itself for no name; null when there is nothing. Follows no link.</summary>
    public static FileFacts? Facts(SafeFileHandle folder, string name = "")
    {
        var buffer = new byte[256];
        var result = Held(folder, at => (int)NativeStatx(IsArm ? 291 : 332, at, name, DoNotFollow | EmptyPath, 0xFFF, buffer));
        return result == 0 ? FileFacts.Read(buffer) : null;
    }

    public static int MakeFolder(SafeFileHandle parent, string name, int mode) => Held(parent, at => NativeMakeFolderAt(at, name, mode));

    public static int Remove(SafeFileHandle parent, string name) => Held(parent, at => NativeUnlinkAt(at, name, 0));

    public static int Rename(SafeFileHandle parent, string from, string to) => Held(parent, at => NativeRenameAt(at, from, at, to));

    /// <summary>Fails with <see cref="Exists"/> when there is one already.</summary>
    public static int RenameToNew(SafeFileHandle parent, string from, string to) =>
        Held(parent, at => (int)NativeRenameAt2(IsArm ? 276 : 316, at, from, at, to, NoReplace));

    public static int Sync(SafeFileHandle file) => Held(file, NativeSync);

    /// <summary>Waits until nobody else holds the folder; given back when the handle is closed.</summary>
    public static int Lock(SafeFileHandle folder) => Held(folder, at => NativeLock(at, LockExclusive));

    /// <summary>Bytes of entries read into <paramref name="buffer"/>; 0 at the end.</summary>
    public static int ReadEntries(SafeFileHandle folder, byte[] buffer) =>
        Held(folder, at => (int)NativeReadEntries(IsArm ? 61 : 217, at, buffer, buffer.Length));

    private static SafeFileHandle Kept(int file) => new(file, ownsHandle: true);

    private static int Held(SafeFileHandle? handle, Func<int, int> call)
    {
        if (handle is null)
        {
            return call(CurrentFolder);
        }

        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return call((int)handle.DangerousGetHandle());
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static extern int NativeOpenAt(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint NativeOpenAt2(nint number, nint folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, ref OpenHow how, nint size);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint NativeStatx(nint number, nint folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint flags, nint mask, byte[] facts);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint NativeRenameAt2(
        nint number, nint fromFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string from, nint toFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string to, nuint flags);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint NativeReadEntries(nint number, nint folder, byte[] buffer, nint size);

    [DllImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static extern int NativeMakeFolderAt(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);

    [DllImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static extern int NativeUnlinkAt(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static extern int NativeRenameAt(
        int fromFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string from, int toFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int NativeSync(int file);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static extern int NativeLock(int file, int operation);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}

/// <summary>What a name in a folder is.</summary>
/// <param name="Kind">File, folder, link, or something else: a device, a pipe, a socket.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its content changed last.</param>
/// <param name="Links">Names that it has.</param>
/// <param name="Mode">The permission bits.</param>
/// <param name="Device">The file system that it is on.</param>
internal sealed record FileFacts(FileKind Kind, long Size, DateTimeOffset Modified, uint Links, int Mode, ulong Device)
{
    /// <summary>Reads <c>struct statx</c>, which is the same on all architectures.</summary>
    public static FileFacts Read(ReadOnlySpan<byte> statx)
    {
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(statx[28..]);
        return new FileFacts(
            KindOf(mode >> 12),
            BinaryPrimitives.ReadInt64LittleEndian(statx[40..]),
            DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(statx[112..]), 0, 253_402_300_799)),
            BinaryPrimitives.ReadUInt32LittleEndian(statx[16..]),
            mode & 0xFFF,
            ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(statx[136..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(statx[140..]));
    }

    private static FileKind KindOf(int type) => type switch
    {
        8 => FileKind.File,
        4 => FileKind.Folder,
        10 => FileKind.Link,
        _ => FileKind.Other,
    };
}

/// <summary>What a name in a folder is.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,
    Other,
}
