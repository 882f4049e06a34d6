using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Minion.Tools.Context;

/// <summary>Registers the providers of context.</summary>
internal static class ContextServices
{
    public static IServiceCollection AddContextProviders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ContextOptions>().Configure(options => options.Read(configuration.GetSection(ContextOptions.Section))).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ContextOptions>, ContextOptionsCheck>();
        services.AddSingleton<ContextFolders>();
        services.AddSingleton<RepositoryProvider>();
        services.AddSingleton<DocumentationProvider>();
        services.AddSingleton<EnvironmentProvider>();
        services.AddSingleton<PreferenceStore>();
        services.AddSingleton<ContextComposer>();
        return services;
    }

    private sealed class ContextOptionsCheck : IValidateOptions<ContextOptions>
    {
        public ValidateOptionsResult Validate(string? name, ContextOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
