using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Minion.ServiceDefaults.Callers;

internal static class CallerServices
{
    public static IServiceCollection AddCallers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new CallerKey(configuration));
        services.AddSingleton(provider => new CallerSigner(provider.GetRequiredService<CallerKey>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Seal(provider.GetRequiredService<CallerKey>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Vault(provider.GetRequiredService<CallerKey>()));
        var keys = ApiKeys.Read(configuration);
        services.AddSingleton(provider => new Gate(keys, () => provider.GetRequiredService<CallerKey>().Bytes));
        return services;
    }
}
