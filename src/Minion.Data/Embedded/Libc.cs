using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Minion.Data.Embedded;

/// <summary>What .NET does not offer of Unix.</summary>
internal static class Libc
{
    public const int Interrupt = 2;
    public const int Quit = 3;

    public static void Chown(string path, uint user, uint group)
    {
        if (NativeChown(path, user, group) != 0)
        {
            throw new IOException($"{path} could not be given to user {user}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>Does nothing when the process has gone.</summary>
    public static void Signal(int process, int signal) => _ = NativeKill(process, signal);

    /// <summary>Returns when everything written to the file system of <paramref name="path"/> is on disk.</summary>
    public static void Sync(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            NativeSync();
            return;
        }

        using var file = File.OpenHandle(path);
        if (NativeSyncFileSystem(file) != 0)
        {
            throw new IOException($"{path} could not be synced: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [DllImport("libc", EntryPoint = "sync")]
    private static extern void NativeSync();

    [DllImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static extern int NativeSyncFileSystem(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    private static extern int NativeChown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int process, int signal);
}
