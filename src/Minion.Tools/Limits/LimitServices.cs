using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Minion.Tools.Limits;

/// <summary>How often tools are called, and what becomes of their results.</summary>
internal static class LimitServices
{
    public static IServiceCollection AddToolLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ResultOptions>().Bind(configuration.GetSection(ResultOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IRateLimits, RateLimits>();
        services.AddSingleton<ResultCache>();
        services.AddSingleton<KeptResults>();
        services.AddSingleton<IKeptResults>(provider => provider.GetRequiredService<KeptResults>());
        services.AddHostedService<ResultPruner>();
        services.AddTool<ReadResultTool>();
        return services;
    }
}
