using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Models.Cache;
using Minion.Models.Catalog;
using Minion.Models.Embeddings;
using Minion.Models.Money;
using Minion.Models.Pipeline;
using Minion.Models.Providers.Ollama;
using Minion.Models.Resilience;
using Minion.Models.Routing;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models;

/// <summary>Registers the model gateway.</summary>
public static class ModelServices
{
    /// <summary>
    /// Adds <see cref="ModelGateway"/>, <see cref="ModelOverride"/> (its settings are read from the configuration and checked when the
    /// host starts) and <see cref="ModelOptions"/>, and <see cref="ModelCatalog"/>. Keys are read from the process's environment at each call.
    /// </summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ModelGateway)))
        {
            return services; // another service of this process has added them
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<MinionTelemetry>();
        services.AddOptions<ModelOptions>().BindConfiguration("Models").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(host => ModelOverride.Read(name => host.GetRequiredService<IConfiguration>()[name]));
        services.AddSingleton(host => new ProviderServices(host.GetRequiredService<TimeProvider>(), Environment.GetEnvironmentVariable));
        services.AddSingleton<OllamaLibrary>();
        services.AddSingleton(host => new ModelCatalog(
            CatalogPath.Read(host.GetRequiredService<IConfiguration>()), host.GetRequiredService<ILogger<ModelCatalog>>()));
        services.AddHostedService<CatalogReload>();
        services.AddSingleton<PriceList>();
        services.AddResponseCache();
        services.AddResilience();
        services.AddModelRouting();
        services.AddSingleton<ModelPipeline>();
        services.AddSingleton<EmbeddingPipeline>();
        services.AddSingleton(host => new ModelGateway(
            host.GetRequiredService<ModelOverride>(), host.GetRequiredService<ModelPipeline>(), host.GetRequiredService<EmbeddingPipeline>()));
        services.AddHostedService<ModelOverrideCheck>();
        return services;
    }

    /// <summary>
    /// Adds costs and budgets to the gateway, for a host that has the database: calls are reserved for, settled and accounted, and
    /// <see cref="ModelSpending"/> takes what is spent beside them.
    /// </summary>
    public static IServiceCollection AddModelSpending(this IServiceCollection services)
    {
        if (!services.Any(service => service.ServiceType == typeof(Ledger)))
        {
            services.AddMoney();
        }

        return services;
    }
}
