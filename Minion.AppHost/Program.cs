using Minion.AppHost.Dependencies;
using Minion.AppHost.Options;
using Minion.AppHost.Servers;

var switches = Switches.Take(args, out var rest);
var builder = DistributedApplication.CreateBuilder(rest);
var settings = AppHostSettings.Read(builder.Configuration);

var dependencies = await builder.AddDependenciesAsync(settings, switches);
var callerKey = builder.AddParameter("caller-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);
var apiKey = builder.ExecutionContext.IsPublishMode ? builder.AddParameter("api-key", secret: true) : null;

var migrate = builder.AddServer("migrate", settings)
    .WithDatabase(dependencies);

var tools = builder.AddServer("tools", settings)
    .WithDatabase(dependencies)
    .WithRedis(dependencies)
    .WithCalls(callerKey, apiKey)
    .WithGrpc()
    .WithReplicas(settings.ToolsReplicas)
    .WaitForCompletion(migrate);

var orchestration = builder.AddServer("orchestration", settings)
    .WithDatabase(dependencies)
    .WithRedis(dependencies)
    .WithModel(dependencies, settings)
    .WithCalls(callerKey, apiKey)
    .WithGrpc(settings.GrpcPort)
    .WithReplicas(settings.OrchestrationReplicas)
    .WithReference(tools)
    .WaitForCompletion(migrate)
    .OpenToOthers("grpc");

builder.AddServer("edge", settings)
    .WithDatabase(dependencies)
    .WithRedis(dependencies)
    .WithModel(dependencies, settings)
    .WithCalls(callerKey, apiKey, settings.HttpPort)
    .WithReference(orchestration)
    .WithReference(tools)
    .WaitForCompletion(migrate)
    .OpenToOthers("http");

builder.StopsOnFailure(switches);
builder.Build().Run();
