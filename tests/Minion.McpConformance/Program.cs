using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Minion.McpConformance;
using Minion.McpConformance.Prompts;
using Minion.McpConformance.Resources;
using Minion.McpConformance.Tools;
using Minion.Server.Options;
using Minion.Server.Start;
using Minion.ServiceDefaults;
using Minion.Tools;

// The whole server, with what the conformance suite asks for beside its own tools. The arguments are the server's; its data is thrown away.
using var folder = new ScratchFolder(args);
return await StartFaults.RunAsync(
    async () =>
    {
        var builder = ServerBuilder.Create(folder.Arguments, out var options);
        builder.AddServiceDefaults("minion");
        await builder.AddStoreAsync(options);
        builder.AddServices(options);
        builder.Services.AddTool<QuestionTool>();
        builder.Services.AddMcpServer()
            .WithTools<ContentTools>()
            .WithTools<TalkingTools>()
            .WithTools<AskingTools>()
            .WithTools<RoundTripTools>()
            .WithTools<DiagnosticTools>()
            .WithTools([SchemaTool.Create()])
            .WithPrompts<SuitePrompts>()
            .WithResources<SuiteResources>();

        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapServices(options);
        await app.MigrateAsync(options);
        await app.RunAsync();
    },
    Console.Error);
