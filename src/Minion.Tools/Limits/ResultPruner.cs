using Microsoft.Extensions.Logging;

namespace Minion.Tools.Limits;

/// <summary>Removes kept results whose time is over.</summary>
internal sealed class ResultPruner(KeptResults results, TimeProvider time, ILogger<ResultPruner> log) : HourlyPruner(rowsAtOnce: 200, time)
{
    protected override Task<long> PruneAsync(int rows, CancellationToken cancellationToken) => results.PruneAsync(rows, cancellationToken);

    protected override void NotPruned(Exception exception) => log.ResultsNotPruned(exception, Interval);
}
