using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Minion.Tools.Browser;

/// <summary>Registers the browser and its tools.</summary>
internal static class BrowserServices
{
    public static IServiceCollection AddBrowserTools(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BrowserOptions>().Bind(configuration.GetSection(BrowserOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Browsers>();

        services.AddTool<BrowserNavigateTool>();
        services.AddTool<BrowserActTool>();
        services.AddTool<BrowserExtractTool>();
        services.AddTool<BrowserScreenshotTool>();
        services.AddTool<BrowserDownloadTool>();
        services.AddTool<BrowserCloseTool>();
        return services;
    }
}
