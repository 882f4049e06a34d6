using Microsoft.Extensions.Logging;
using Minion.Tools.Limits;

namespace Minion.Tools.Idempotency;

/// <summary>Forgets keys whose time is over.</summary>
internal sealed class KeyedCallPruner(KeyedCallStore calls, TimeProvider time, ILogger<KeyedCallPruner> log) : HourlyPruner(rowsAtOnce: 1_000, time)
{
    protected override Task<long> PruneAsync(int rows, CancellationToken cancellationToken) => calls.PruneAsync(rows, cancellationToken);

    protected override void NotPruned(Exception exception) => log.KeyedCallsNotPruned(exception, Interval);
}
