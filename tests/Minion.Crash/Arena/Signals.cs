using System.Runtime.InteropServices;

namespace Minion.Crash.Arena;

/// <summary>The signals of Unix that .NET does not send.</summary>
internal static class Signals
{
    private const int Kill9 = 9;
    private const int Term = 15;

    // Their numbers differ between systems.
    private static readonly int StopNumber = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int ContinueNumber = OperatingSystem.IsMacOS() ? 19 : 18;

    public static void Stop(int process) => Send(process, StopNumber);

    public static void Continue(int process) => Send(process, ContinueNumber);

    public static void Kill(int process) => Send(process, Kill9);

    /// <summary>A process that is gone already does not mind.</summary>
    public static void Terminate(int process) => NativeKill(process, Term);

    private static void Send(int process, int signal)
    {
        if (NativeKill(process, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent to process {process}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int process, int signal);
}
