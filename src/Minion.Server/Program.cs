using Minion.Data;
using Minion.Server.Options;
using Minion.Server.Start;
using Minion.ServiceDefaults;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

return await StartFaults.RunAsync(
    async () =>
    {
        var builder = ServerBuilder.Create(args, out var options);
        builder.AddServiceDefaults("minion");
        await builder.AddStoreAsync(options);
        builder.AddServices(options);

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
