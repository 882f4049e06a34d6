using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Minion.Data.Embedded;
using Minion.Data.Migrations;
using Minion.Data.Tests.Migrations;
using Npgsql;

namespace Minion.Data.Tests.Embedded;

public sealed class EmbeddedHostTests
{
    [Fact]
    public async Task PostgreSQL_that_was_killed_is_started_again_and_committed_rows_are_there()
    {
        await using var folder = await ServerFolder.UsedAsync();
        using var host = await StartAsync(folder.Path);
        var server = host.Services.GetRequiredService<EmbeddedPostgres>();
        var api = host.Services.GetRequiredKeyedService<NpgsqlDataSource>(DatabaseRoles.Orchestration);
        await AddNoteAsync(api, 1);

        for (var kill = 1; kill <= 2; kill++)
        {
            var killed = server.ProcessId!.Value;
            Libc.Signal(killed, 9);
            await Eventually.HoldsAsync(() => server.ProcessId is { } id && id != killed, "PostgreSQL runs again");
        }

        await Eventually.HoldsAsync(() => CanReadAsync(api), "the pool works again");
        await using var scope = await api.BeginTenantAsync("a");
        (await scope.Connection.ExecuteScalarAsync<int>("SELECT id FROM notes")).ShouldBe(1);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        health.Status.ShouldNotBe(HealthStatus.Unhealthy);
        health.Entries["database"].Data["restarts"].ShouldBe(2);
        await host.StopAsync();
    }

    [Fact]
    public async Task PostgreSQL_serves_until_the_last_hosted_service_has_stopped()
    {
        await using var folder = await ServerFolder.UsedAsync();
        using var host = await StartAsync(folder.Path, services => services.AddHostedService<UsesDatabaseWhenStopping>());
        await host.StopAsync();

        UsesDatabaseWhenStopping.Read.ShouldBe(1);
        PostgresProcesses.In(folder.Postgres).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_configured_server_is_used_instead()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:minion", "Host=elsewhere")]);
        await builder.AddEmbeddedPostgresAsync();

        builder.Configuration.GetConnectionString("minion").ShouldBe("Host=elsewhere");
        builder.Services.ShouldNotContain(s => s.ServiceType == typeof(EmbeddedPostgres));
    }

    private static async Task<IHost> StartAsync(string folder, Action<IServiceCollection>? add = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Data:Folder", folder)]);
        await builder.AddEmbeddedPostgresAsync();
        builder.AddDatabase();
        builder.Services.AddMigrations(SampleMigrations.Set(SampleMigrations.First));
        add?.Invoke(builder.Services);
        var host = builder.Build();
        await host.Services.GetRequiredService<Migrator>().UpAsync();
        await host.StartAsync();
        return host;
    }

    private static async Task AddNoteAsync(NpgsqlDataSource api, int id)
    {
        await using var scope = await api.BeginTenantAsync("a");
        await scope.Connection.ExecuteAsync("INSERT INTO notes (tenant, id, text) VALUES ('a', @id, '')", new { id });
        await scope.CommitAsync();
    }

    private static async Task<bool> CanReadAsync(NpgsqlDataSource api)
    {
        try
        {
            await using var scope = await api.BeginTenantAsync("a");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private sealed class UsesDatabaseWhenStopping([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine) : IHostedService
    {
        public static int Read { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await using var command = engine.CreateCommand("SELECT 1");
            Read = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
    }
}
