using Minion.Server.InProcess;
using Minion.Server.Listening;
using Minion.Server.Options;

namespace Minion.Server.Start;

/// <summary>From the arguments to a host that knows its options, holds its data folder and has two free ports.</summary>
internal static class ServerBuilder
{
    public static WebApplicationBuilder Create(string[] args, out ServerOptions options)
    {
        var given = CommandLine.Parse(args);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Settings come from where the program is, not from whatever folder it was started in, and are read once.
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Configuration.AddInMemoryCollection(CommandLine.FromEnvironment(Environment.GetEnvironmentVariable));
        builder.Configuration.AddInMemoryCollection(given);
        options = ServerOptions.From(builder.Configuration);
        builder.Configuration[ServerOptions.DataKey] = options.DataFolder;
        builder.Services.AddSingleton(options);
        if (!options.OnlyMigrates)
        {
            builder.Listen(options);
        }

        return builder;
    }

    private static void Listen(this WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.OwnsDataFolder)
        {
            var folder = DataFolderLock.Take(options.DataFolder);
            builder.Services.AddSingleton(_ => folder);
        }

        var ports = new Ports(options, builder.Configuration);
        if (options.Roles.Contains(ServerRole.Tools) && builder.Configuration[ServerOptions.ToolsAddressKey] is null)
        {
            // The tools are in this very process, unless another address is configured.
            builder.Configuration[ServerOptions.ToolsAddressKey] = ports.Grpc;
            if (options.Roles.Contains(ServerRole.Orchestration))
            {
                builder.ListenInProcess();
            }
        }

        if (options.Roles.Contains(ServerRole.Orchestration))
        {
            builder.Configuration[ServerOptions.OrchestrationAddressKey] ??= ports.Grpc;
        }

        builder.Services.AddSingleton(ports);
        builder.Services.AddHostedService<RunningServerNote>();
        builder.WebHost.ConfigureKestrel(ports.Configure);
    }
}
