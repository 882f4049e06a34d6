using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What the resilience of a client can be configured further with.</summary>
public interface IHttpStandardResiliencePipelineBuilder
{
    string PipelineName { get; }

    IServiceCollection Services { get; }
}

/// <summary>Gives clients of the factory the standard resilience.</summary>
public static class ResilienceHttpClientBuilderExtensions
{
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = $"{builder.Name}-standard";
        builder.Services.Configure(name, configure);
        builder.Services.AddKeyedSingleton(name, (provider, _) => new StandardPipeline(
            provider.GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get(name), provider.GetService<TimeProvider>()));
        builder.AddHttpMessageHandler(provider => new ResilienceHandler(provider.GetRequiredKeyedService<StandardPipeline>(name)));
        return new Pipeline(name, builder.Services);
    }

    private sealed record Pipeline(string PipelineName, IServiceCollection Services) : IHttpStandardResiliencePipelineBuilder;
}
