using System.ComponentModel;
using System.Runtime.InteropServices;

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

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    private static extern int NativeChown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int process, int signal);
}
