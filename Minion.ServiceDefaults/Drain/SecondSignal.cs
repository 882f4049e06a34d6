using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Minion.ServiceDefaults.Drain;

/// <summary>The first SIGINT or SIGTERM drains (the host's own doing); the second one ends the process at once.</summary>
internal sealed class SecondSignal(ILogger<SecondSignal> logger) : IHostedService, IDisposable
{
    private const int ExitCode = 130; // as a shell says it: 128 + SIGINT
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            logger.EndingAtOnce();
            Environment.Exit(ExitCode);
        }
    }
}
