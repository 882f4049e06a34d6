using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Minion.Tools.Network;

/// <summary>Registers the guard that everything goes out through.</summary>
internal static class NetworkServices
{
    public static IServiceCollection AddToolNetwork(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NetworkOptions>().Bind(configuration.GetSection(NetworkOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NetworkOptions>, NetworkOptionsCheck>();
        services.AddSingleton(provider => new AddressGuard(provider.GetRequiredService<IOptions<NetworkOptions>>().Value));
        services.AddSingleton<SafeHttpClient>();
        return services;
    }

    private sealed class NetworkOptionsCheck : IValidateOptions<NetworkOptions>
    {
        public ValidateOptionsResult Validate(string? name, NetworkOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
