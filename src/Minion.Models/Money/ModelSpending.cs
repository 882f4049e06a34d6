using Minion.Models.Money;

namespace Minion.Models;

/// <summary>Money that is spent beside calls to chat models, for the same budgets and the same account.</summary>
public sealed class ModelSpending
{
    private readonly Ledger _ledger;
    private readonly ModelCatalog _catalog;
    private readonly TimeProvider _time;

    internal ModelSpending(Ledger ledger, ModelCatalog catalog, TimeProvider time)
    {
        _ledger = ledger;
        _catalog = catalog;
        _time = time;
    }

    /// <summary>What one call of a tool costs, in USD; 0 unless the file of models says otherwise under <c>tools</c>.</summary>
    public decimal PriceOfTool(string tool) => _catalog.Current.Tools.GetValueOrDefault(tool);

    /// <summary>Notes the call of a tool that costs something; returns its cost in USD. A tool without a price is not noted.</summary>
    /// <param name="call">Who called.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="succeeded">Whether it had a result.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="costUsd">What the tool's own policy says, in USD; 0 leaves it to <see cref="PriceOfTool"/>.</param>
    public async ValueTask<decimal> RecordToolAsync(
        ModelCall call, string tool, TimeSpan duration, bool succeeded, CancellationToken cancellationToken, decimal costUsd = 0)
    {
        var cost = costUsd > 0 ? costUsd : PriceOfTool(tool);
        if (cost > 0)
        {
            var now = _time.GetUtcNow();
            await _ledger.RecordAsync(
                call,
                new UsageRecord
                {
                    Tenant = call.Caller.Tenant,
                    Id = Guid.CreateVersion7(now),
                    At = now,
                    Kind = "tool",
                    Principal = call.Caller.Principal,
                    Agent = call.Agent ?? "",
                    AgentVersion = call.AgentVersion ?? 0,
                    RunId = call.Run,
                    Step = (int)(call.Step ?? 0),
                    Tool = tool,
                    Outcome = succeeded ? "succeeded" : "failed",
                    Priced = true,
                    CostUsd = cost,
                    DurationMs = (long)duration.TotalMilliseconds,
                },
                cancellationToken);
        }

        return cost;
    }
}
