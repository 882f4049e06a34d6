using System.Runtime.InteropServices;

namespace Minion.Tools.Sandboxes;

/// <summary>What .NET does not offer of Unix.</summary>
internal static class Libc
{
    private const int KillSignal = 9;

    /// <summary>Ends a process at once; does nothing when it has gone.</summary>
    public static void Kill(int process) => _ = NativeKill(process, KillSignal);

    /// <summary>Files and folders on the file system of a path; null when it cannot be said.</summary>
    public static long? FilesOn(string path) => NativeStatFs(path, out var stats) == 0 ? (long)(stats.Files - stats.FilesFree) : null;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int process, int signal);

    [DllImport("libc", EntryPoint = "statfs", SetLastError = true)]
    private static extern int NativeStatFs([MarshalAs(UnmanagedType.LPUTF8Str)] string path, out FileSystemStats stats);

    // struct statfs of 64-bit Linux (asm-generic/statfs.h) is 120 bytes long; room for more is harmless.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct FileSystemStats
    {
        public long Type;
        public long BlockSize;
        public ulong Blocks;
        public ulong BlocksFree;
        public ulong BlocksAvailable;
        public ulong Files;
        public ulong FilesFree;
    }
}
