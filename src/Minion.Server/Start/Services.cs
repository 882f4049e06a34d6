using Minion.Data;
using Minion.Data.Migrations;
using Minion.Edge;
using Minion.Orchestration;
using Minion.Server.Health;
using Minion.Server.InProcess;
using Minion.Server.Listening;
using Minion.Server.Options;
using Minion.Tools;

namespace Minion.Server.Start;

/// <summary>The services, and the roles that have them.</summary>
internal static class Services
{
    /// <summary>The database that is configured, or the embedded one.</summary>
    public static async Task AddStoreAsync(this WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.IsPostgres)
        {
            var port = PortCheck.Free(address: null, options.PostgresPort, "PostgreSQL", "--pg-port");
            await builder.AddPostgresServerAsync(port, builder.Configuration[ServerOptions.PostgresPasswordKey]!);
            return;
        }

        await builder.AddEmbeddedPostgresAsync();
        builder.AddDatabase();
    }

    public static void AddServices(this WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.Roles.Contains(ServerRole.Tools))
        {
            builder.AddTools();
        }
        else if (options.Roles.Contains(ServerRole.Migrate))
        {
            builder.Services.AddMigrations(ToolsMigrations.Set);
        }

        if (options.Roles.Contains(ServerRole.Orchestration))
        {
            builder.AddOrchestration(builder.ListensInProcess() ? InProcessCalls.ConnectInProcess : null);
            if (!options.Roles.Contains(ServerRole.Tools))
            {
                builder.AddServiceHealth("tools");
            }
        }
        else if (options.Roles.Contains(ServerRole.Migrate))
        {
            builder.Services.AddOrchestrationMigrations();
        }

        if (options.Roles.Contains(ServerRole.Edge))
        {
            builder.AddEdge();
            builder.AddEdgeSpending();
            if (!options.Roles.Contains(ServerRole.Orchestration))
            {
                builder.AddServiceHealth("orchestration");
            }
        }
    }

    public static void MapServices(this WebApplication app, ServerOptions options)
    {
        if (options.Roles.Contains(ServerRole.Tools))
        {
            app.MapTools();
        }

        if (options.Roles.Contains(ServerRole.Orchestration))
        {
            app.MapOrchestration();
        }

        if (options.Roles.Contains(ServerRole.Edge))
        {
            app.MapEdge();
        }
    }

    /// <summary>Brings the database up to date, or waits until whoever does that is done.</summary>
    public static async Task MigrateAsync(this WebApplication app, ServerOptions options)
    {
        if (options.IsPostgres)
        {
            return;
        }

        var migrator = app.Services.GetRequiredService<Migrator>();
        if (!options.Roles.Contains(ServerRole.Migrate))
        {
            await migrator.WaitUntilMigratedAsync(app.Lifetime.ApplicationStopping);
            return;
        }

        var applied = await migrator.UpAsync(app.Lifetime.ApplicationStopping);
        app.Services.GetRequiredService<ILogger<Migrator>>().Migrated(applied.Count);
    }
}
