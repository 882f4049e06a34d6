using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Tools.Sandboxes.Homes;
using Minion.Tools.Sandboxes.Tools;

namespace Minion.Tools.Sandboxes;

/// <summary>Registers sandboxes and the tools that run code in them.</summary>
internal static class SandboxRegistration
{
    public static IServiceCollection AddSandboxes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SandboxOptions>().Bind(configuration.GetSection(SandboxOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsCheck>();
        services.AddSingleton<SandboxFolders>();
        services.AddSingleton<SandboxAvailability>();
        services.AddSingleton<HomeStore>();
        services.AddSingleton<Sandbox>();
        services.AddHostedService<HomeReclaimer>();

        services.AddTool<ShellTool>();
        services.AddTool<PythonTool>();
        services.AddTool<JavaScriptTool>();
        services.AddTool<CSharpTool>();
        return services;
    }
}
