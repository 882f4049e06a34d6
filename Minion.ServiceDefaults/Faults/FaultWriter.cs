using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>Turns what was thrown into what is said, and logs what must not be said under an id.</summary>
public sealed class FaultWriter
{
    private readonly ILogger<FaultWriter> _logger;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;

    /// <summary>Made by the host.</summary>
    public FaultWriter(ILogger<FaultWriter> logger, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _logger = logger;
        _time = time;
        _lifetime = lifetime;
    }

    /// <summary>What the caller hears of <paramref name="exception"/>.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="call">What was called, for the log.</param>
    /// <param name="cancelled">Whether the caller gave the call up.</param>
    /// <param name="deadline">When it was to end, in UTC; null for no deadline.</param>
    public FaultDescription Describe(Exception exception, string call, bool cancelled, DateTime? deadline = null)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var state = new CallState(cancelled, deadline <= now, _lifetime.ApplicationStopping.IsCancellationRequested);
        if (FaultTable.Describe(exception, state) is { } known)
        {
            if (exception is not (Fault or OperationCanceledException))
            {
                _logger.CallRefused(exception, call, known.Reason);
            }

            return known;
        }

        var id = Guid.CreateVersion7(_time.GetUtcNow()).ToString("N");
        _logger.CallFailed(exception, call, id);
        return new FaultDescription(
            Grpc.Core.StatusCode.Internal,
            "INTERNAL",
            $"Something went wrong inside the server (error {id}).",
            $"The server's log has the cause under {id}.",
            [],
            id);
    }
}
