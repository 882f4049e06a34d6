using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Journal.LongTexts;

namespace Minion.Orchestration.Runs.ToolConnections;

/// <summary>The clients of the tool service.</summary>
/// <param name="Calls">For calls of tools: each is sent once.</param>
/// <param name="Lists">For what is short and may be repeated.</param>
/// <param name="Contexts">For what runs are told.</param>
internal sealed record ToolClients(ToolService.ToolServiceClient Calls, ToolService.ToolServiceClient Lists, ContextService.ContextServiceClient Contexts)
{
    private const string CallsName = "tools";
    private const string ListsName = "tools-lists";
    private const string ContextsName = "tools-contexts";
    private const int MostWaiting = 10_000;

    /// <summary>The endpoint <c>grpc</c> of the service <c>tools</c>: in the configuration <c>services:tools:grpc:0</c>, and so on.</summary>
    private static readonly Uri Address = new("http://_grpc.tools");

    /// <param name="services">The services.</param>
    /// <param name="toTools">How the service is reached, when not over the network.</param>
    public static void Add(IServiceCollection services, Action<IHttpClientBuilder>? toTools)
    {
        var lists = services.AddGrpcClient<ToolService.ToolServiceClient>(ListsName, client => client.Address = Address);
        lists.AddStandardResilienceHandler(options =>
        {
            options.RateLimiter.DefaultRateLimiterOptions.QueueLimit = MostWaiting;
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(25);

            // A source that has just been declared is asked for its tools first, and its program may have to start.
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(12);
            options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        });
        lists.AddServiceDiscovery();
        toTools?.Invoke(lists);
        var calls = services.AddGrpcClient<ToolService.ToolServiceClient>(CallsName, client => client.Address = Address);
        // A whole result beside the one that was cut.
        calls.ConfigureChannel(channel => channel.MaxReceiveMessageSize = LongText.MostBytes + (4 * 1024 * 1024));
        calls.AddServiceDiscovery();
        toTools?.Invoke(calls);
        var contexts = services.AddGrpcClient<ContextService.ContextServiceClient>(ContextsName, client => client.Address = Address);
        contexts.AddServiceDiscovery();
        toTools?.Invoke(contexts);
        var registry = services.AddGrpcClient<RegistryService.RegistryServiceClient>(client => client.Address = Address);
        registry.AddStandardResilienceHandler(options => options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(15));
        registry.AddServiceDiscovery();
        toTools?.Invoke(registry);
        services.AddSingleton(provider => Create(provider.GetRequiredService<GrpcClientFactory>()));
    }

    private static ToolClients Create(GrpcClientFactory clients) => new(
        clients.CreateClient<ToolService.ToolServiceClient>(CallsName), clients.CreateClient<ToolService.ToolServiceClient>(ListsName),
        clients.CreateClient<ContextService.ContextServiceClient>(ContextsName));
}
