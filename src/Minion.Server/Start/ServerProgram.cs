using Minion.Data;
using Minion.Server.Options;
using Minion.ServiceDefaults;

namespace Minion.Server.Start;

/// <summary>The program, from its arguments to its end.</summary>
internal static class ServerProgram
{
    /// <param name="args">The command line.</param>
    /// <param name="add">What this host has beside the services.</param>
    /// <returns>The process's exit code.</returns>
    public static Task<int> RunAsync(string[] args, Action<IServiceCollection>? add = null) => StartFaults.RunAsync(
        async () =>
        {
            var builder = ServerBuilder.Create(args, out var options);
            builder.AddServiceDefaults("minion");
            await builder.AddStoreAsync(options);
            builder.AddServices(options);
            add?.Invoke(builder.Services);

            await using var app = builder.Build();
            app.MapDefaultEndpoints();
            app.MapServices(options);
            await app.MigrateAsync(options);
            if (!options.OnlyMigrates)
            {
                await app.RunAsync();
            }
        },
        Console.Error);
}
