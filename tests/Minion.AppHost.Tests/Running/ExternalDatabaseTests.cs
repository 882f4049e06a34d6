using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.AppHost.Tests.Failures;
using Minion.Testing.Database;

namespace Minion.AppHost.Tests.Running;

/// <summary>On a database that is somebody else's.</summary>
public sealed class ExternalDatabaseTests
{
    [Fact]
    public async Task It_is_used_as_it_is_and_refused_when_a_newer_program_migrated_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        using var lines = new LogLines();
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Minion_AppHost>(
            ["--no-containers", "--stop-on-failure", $"--ConnectionStrings:minion={database.ConnectionString}", "--ConnectionStrings:redis=localhost:1"]);
        builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(lines));
        builder.Resources.ShouldNotContain(r => r.Name == "postgres");
        builder.Resources.ShouldContain(r => r.Name == "redis");
        await using var app = await builder.BuildAsync();
        var stopped = app.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().ApplicationStopping;
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("orchestration").WaitAsync(TestApplication.Patience);
        await database.ExecuteAsSuperuserAsync("INSERT INTO orchestration.applied_migrations (version, name, checksum) VALUES (999, 'later', 'x')");
        stopped.IsCancellationRequested.ShouldBeFalse();
        await Eventually.BecomesAsync(() => lines.All, all => all.Any(line => line.Contains("Redis does not answer", StringComparison.Ordinal)));

        await app.ResourceCommands.ExecuteCommandAsync("migrate", KnownResourceCommands.StartCommand);

        await app.ResourceNotifications.WaitForResourceAsync("migrate", e => e.Snapshot.ExitCode == 1).WaitAsync(TestApplication.Patience);
        await Eventually.BecomesAsync(
            () => lines.All, all => all.Any(line => line.Contains("Schema 'orchestration' is at version 999") && line.Contains("this program knows versions up to")));
        await Eventually.HoldsAsync(() => stopped.IsCancellationRequested, "the application to stop");
        Environment.ExitCode = 0;
    }
}
