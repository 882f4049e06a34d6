using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Minion.Tools.Mcp;

/// <summary>Registers the settings of the client of MCP servers; its kind of source stands with the other kinds.</summary>
internal static class McpServices
{
    public static IServiceCollection AddMcpClient(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<McpOptions>().Bind(configuration.GetSection(McpOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
