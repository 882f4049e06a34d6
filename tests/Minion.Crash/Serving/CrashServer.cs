using Microsoft.AspNetCore.Builder;
using Minion.Server.Options;
using Minion.Server.Start;
using Minion.ServiceDefaults;
using Minion.Tools;

namespace Minion.Crash.Serving;

/// <summary>Minion.Server with three tools more, which count their calls: what the harness starts, and kills.</summary>
internal static class CrashServer
{
    public const string Verb = "serve";

    public static Task<int> RunAsync(string[] args) => StartFaults.RunAsync(
        async () =>
        {
            var builder = ServerBuilder.Create(args, out var options);
            builder.AddServiceDefaults("minion");
            await builder.AddStoreAsync(options);
            builder.AddServices(options);
            builder.Services.AddTool<CountRead>().AddTool<CountPut>().AddTool<CountAdd>();

            await using var app = builder.Build();
            app.MapDefaultEndpoints();
            app.MapServices(options);
            await app.MigrateAsync(options);
            await app.RunAsync();
        },
        Console.Error);
}
