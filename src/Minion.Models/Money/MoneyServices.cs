using Microsoft.Extensions.DependencyInjection;
using Minion.Data;

namespace Minion.Models.Money;

/// <summary>Registers costs and budgets.</summary>
internal static class MoneyServices
{
    public static void AddMoney(this IServiceCollection services)
    {
        services.AddMigrations(ModelMigrations.Set);
        services.AddOptions<MoneyOptions>().BindConfiguration(MoneyOptions.Section).ValidateDataAnnotations()
            .Validate(o => o.Lease >= 2 * o.Heartbeat, "Models:Costs:Lease must be at least twice Models:Costs:Heartbeat.")
            .Validate(o => o.WebhookNetworks.All(n => System.Net.IPNetwork.TryParse(n, out _)), "Models:Costs:WebhookNetworks must be networks such as 10.0.0.0/8.")
            .ValidateOnStart();

        services.AddSingleton<LedgerStore>();
        services.AddSingleton<BudgetStore>();
        services.AddSingleton<CostStore>();
        services.AddSingleton<BudgetCache>();
        services.AddSingleton<AccountBook>();
        services.AddSingleton<PendingUsage>();
        services.AddSingleton<Holder>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<Alerts>();
        services.AddSingleton<Webhooks>();
        services.AddSingleton(host => new ModelSpending(
            host.GetRequiredService<Ledger>(), host.GetRequiredService<ModelCatalog>(), host.GetRequiredService<TimeProvider>()));

        services.AddHostedService<LedgerWriter>();
        services.AddHostedService<HolderService>();
        services.AddHostedService<AlertSender>();
        services.AddHostedService<UsagePruner>();
    }
}
