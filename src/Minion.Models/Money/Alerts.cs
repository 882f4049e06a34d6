using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Money;

/// <summary>Tells of budgets that reached 80, 90 or 100 %: in the log, as a metric, and to the sender of webhooks.</summary>
internal sealed class Alerts(MinionTelemetry telemetry, ILogger<Alerts> logger)
{
    private readonly SemaphoreSlim _posted = new(0, 1);

    public void Raise(IReadOnlyList<BudgetAlert> alerts)
    {
        foreach (var alert in alerts)
        {
            var unit = Enum.Parse<BudgetUnit>(alert.Unit, true);
            var what = BudgetTexts.Describe(Enum.Parse<BudgetScope>(alert.Scope, true), alert.Subject, Enum.Parse<BudgetPeriod>(alert.Period, true));
            LogMessages.BudgetAlert(logger, alert.Tenant, alert.Percent, what, BudgetTexts.Amount(unit, alert.Used), BudgetTexts.Amount(unit, alert.Amount));
            telemetry.RecordBudgetAlert(alert.Scope, alert.Percent);
        }

        if (alerts.Any(a => a.WebhookUrl.Length > 0) && _posted.CurrentCount == 0)
        {
            _posted.Release();
        }
    }

    /// <summary>Returns when there is something to post, or after <paramref name="atMost"/>.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _posted.WaitAsync(atMost, cancellationToken);
}
