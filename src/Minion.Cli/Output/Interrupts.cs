using System.Runtime.InteropServices;

namespace Minion.Cli.Output;

/// <summary>
/// Ctrl-C and the signals that ask the process to end. The first one cancels what is under way, unless a verb handles it; a second
/// one ends the process at once.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public CancellationToken Token => _cancellation.Token;

    /// <summary>Set by a verb that has something better to do than to stop; returns false to let the process stop anyway.</summary>
    public Func<PosixSignal, bool>? Handler { get; set; }

    public static Interrupts OfThisProcess()
    {
        var interrupts = new Interrupts();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, interrupts.Received));
        }

        return interrupts;
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _cancellation.Dispose();
    }

    private void Received(PosixSignalContext context)
    {
        if (Handler?.Invoke(context.Signal) == true)
        {
            context.Cancel = true;
        }
        else if (!_cancellation.IsCancellationRequested)
        {
            context.Cancel = true;
            _cancellation.Cancel();
        }
    }
}
