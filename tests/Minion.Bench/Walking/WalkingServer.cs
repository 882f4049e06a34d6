using Minion.Orchestration.Runs.Behaviours;
using Minion.Server.Options;
using Minion.Server.Start;
using Minion.ServiceDefaults;

namespace Minion.Bench.Walking;

/// <summary>The server with one behaviour more.</summary>
internal static class WalkingServer
{
    public const string Verb = "serve";

    public static Task<int> RunAsync(string[] args) => StartFaults.RunAsync(
        async () =>
        {
            var builder = ServerBuilder.Create(args, out var options);
            builder.AddServiceDefaults("minion");
            await builder.AddStoreAsync(options);
            builder.AddServices(options);
            builder.Services.AddBehaviour<Walk>();

            await using var app = builder.Build();
            app.MapDefaultEndpoints();
            app.MapServices(options);
            await app.MigrateAsync(options);
            await app.RunAsync();
        },
        Console.Error);
}
