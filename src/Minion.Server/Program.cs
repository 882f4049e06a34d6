using Minion.Server.Options;
using Minion.Server.Start;
using Minion.ServiceDefaults;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

return await StartFaults.RunAsync(
    async () =>
    {
        var builder = ServerBuilder.Create(args, out var options);
        builder.AddServiceDefaults("minion");
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.RunAsync();
    },
    Console.Error);
