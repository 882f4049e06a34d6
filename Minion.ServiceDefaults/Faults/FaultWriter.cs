using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>Turns what was thrown into what is said, and logs what must not be said under an id.</summary>
internal sealed class FaultWriter(ILogger<FaultWriter> logger, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public FaultDescription Describe(Exception exception, string call, bool cancelled, DateTime? deadline = null)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var state = new CallState(cancelled, deadline <= now, lifetime.ApplicationStopping.IsCancellationRequested);
        if (FaultTable.Describe(exception, state) is { } known)
        {
            if (exception is not (Fault or OperationCanceledException))
            {
                logger.CallRefused(exception, call, known.Reason);
            }

            return known;
        }

        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        logger.CallFailed(exception, call, id);
        return new FaultDescription(
            Grpc.Core.StatusCode.Internal,
            "INTERNAL",
            $"Something went wrong inside the server (error {id}).",
            $"The server's log has the cause under {id}.",
            [],
            id);
    }
}
