using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Models;

namespace Minion.Conformance.Models;

/// <summary>A model gateway as a host has it.</summary>
public static class ModelHost
{
    public static ModelCall Call { get; } = new(new Caller(Caller.DefaultTenant, "user:test", ["*"]), "tester", Step: 1);

    public static ServiceProvider Start(IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? change = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings ?? new Dictionary<string, string?>()).Build());
        services.AddLogging();
        services.AddModels();
        change?.Invoke(services);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
