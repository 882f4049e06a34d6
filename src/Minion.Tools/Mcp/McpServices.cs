using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Callers;
using Minion.Tools.Mcp.Authorization;

namespace Minion.Tools.Mcp;

/// <summary>Registers the settings of the client of MCP servers; its kind of source stands with the other kinds.</summary>
internal static class McpServices
{
    public static IServiceCollection AddMcpClient(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(McpOptions.Section);
        services.AddOptions<McpOptions>().Bind(section).Configure(options => options.Read(section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<McpOptions>, OptionsCheck>();

        // Without a key the server is bound to this machine, and whoever sits there can start programs anyway.
        services.AddSingleton(provider => new McpCommands(
            provider.GetRequiredService<IOptions<McpOptions>>().Value, isLocal: !ApiKeys.Read(provider.GetRequiredService<IConfiguration>()).Any));
        services.AddSingleton<ITokenStore, TokenStore>();
        return services;
    }

    private sealed class OptionsCheck : IValidateOptions<McpOptions>
    {
        public ValidateOptionsResult Validate(string? name, McpOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
