using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Models.Money;

namespace Minion.Models.Cache;

internal static class CacheServices
{
    public static IServiceCollection AddResponseCache(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CacheMeter>();
        services.AddSingleton<IQuestionEmbedder, LocalQuestions>();
        services.AddSingleton(host => new MemoryStore(host.GetRequiredService<IOptions<CacheOptions>>().Value, host.GetRequiredService<TimeProvider>()));
        services.AddSingleton(host => new SharedAnswers(
            SharedStore.Of(host),
            host.GetRequiredService<IOptions<CacheOptions>>().Value,
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<ModelGateway>>()));
        services.AddSingleton(host => new CacheLookup(
            host.GetRequiredService<MemoryStore>(),
            host.GetRequiredService<SharedAnswers>(),
            host.GetRequiredService<IQuestionEmbedder>(),
            host.GetRequiredService<IOptions<CacheOptions>>().Value,
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<ModelGateway>>()));
        services.AddSingleton(host => new ResponseCache(
            host.GetRequiredService<CacheLookup>(),
            host.GetRequiredService<CacheMeter>(),
            host.GetRequiredService<PriceList>().Of,
            host.GetRequiredService<TimeProvider>()));
        services.AddHostedService<CachePruner>();
        return services;
    }
}
