using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Minion.Models;

/// <summary>Registers the model gateway.</summary>
public static class ModelServices
{
    /// <summary>
    /// Adds <see cref="ModelGateway"/> and <see cref="ModelOverride"/> (read from the configuration). Keys are read from the process's
    /// environment at each call.
    /// </summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(host => ModelOverride.Read(name => host.GetRequiredService<IConfiguration>()[name]));
        services.AddSingleton(host => new ProviderServices(host.GetRequiredService<TimeProvider>(), Environment.GetEnvironmentVariable));
        services.AddSingleton(host => new ModelGateway(host.GetRequiredService<ModelOverride>(), host.GetRequiredService<ProviderServices>()));
        return services;
    }
}
