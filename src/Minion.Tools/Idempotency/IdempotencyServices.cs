using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Minion.Tools.Idempotency;

/// <summary>Calls that act once.</summary>
internal static class IdempotencyServices
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IdempotencyOptions>().Bind(configuration.GetSection(IdempotencyOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CallOwner>();
        services.AddHostedService(provider => provider.GetRequiredService<CallOwner>());
        services.AddSingleton<KeyedCallStore>();
        services.AddSingleton<IKeyedCalls>(provider => provider.GetRequiredService<KeyedCallStore>());
        services.AddHostedService<KeyedCallPruner>();
        services.AddSingleton<CallOnce>();
        return services;
    }
}
