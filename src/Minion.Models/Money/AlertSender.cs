using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>
/// Posts alerts to the webhooks of their budgets, again and again for a day until one is taken (any status of 200 to 299). Who posts an
/// alert has claimed it in the database, so that several processes post it once; after a crash it may come a second time, with the same id.
/// </summary>
internal sealed class AlertSender(LedgerStore store, Alerts alerts, Webhooks webhooks, ILogger<AlertSender> logger) : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await alerts.WaitAsync(Interval, stoppingToken);
            try
            {
                foreach (var alert in await store.ClaimAlertsAsync(AtOnce, stoppingToken))
                {
                    await PostAsync(alert, stoppingToken);
                }
            }
            catch (NpgsqlException error)
            {
                LogMessages.BudgetsNotReached(logger, error.Message);
            }
        }
    }

    private async Task PostAsync(BudgetAlert alert, CancellationToken cancellationToken)
    {
        try
        {
            using var content = JsonContent.Create(AlertMessage.Of(alert), LedgerJson.Default.AlertMessage);
            await webhooks.PostAsync(new Uri(alert.WebhookUrl), content, cancellationToken);
            await store.DeliveredAsync(alert, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogMessages.WebhookFailed(logger, alert.Percent, alert.Attempts, error.Message);
        }
    }
}
