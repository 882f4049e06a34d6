using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Minion.ServiceDefaults;
using Minion.ServiceDefaults.Callers;
using Minion.Testing.Database;
using Minion.Tools.Tests.Context;

namespace Minion.Tools.Tests.Api;

/// <summary>The tools service alone, on Kestrel and a database of its own.</summary>
public sealed class ToolsHost() : DatabaseFixture(ToolsMigrations.Set)
{
    private readonly string _samples = Directory.CreateTempSubdirectory("minion-context-").FullName;
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public ToolService.ToolServiceClient Client => new(_channel!);

    /// <summary>What the tool <c>speaking</c> waits for after its first words.</summary>
    public TaskCompletionSource Speaking { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ContextService.ContextServiceClient Context => new(_channel!);

    /// <summary>The headers with which another service calls in the name of <paramref name="caller"/>.</summary>
    public global::Grpc.Core.Metadata As(Caller caller) => _app!.Services.GetRequiredService<CallerSigner>().Headers(caller, "tools");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(Database.Settings);
        builder.Configuration.AddInMemoryCollection(ContextSamples.Make(_samples));
        builder.AddServiceDefaults("tools");
        builder.Logging.ClearProviders();
        builder.AddDatabase();
        builder.AddTools();
        builder.Services.AddSingleton<ITool>(FakeTool.Ok(FakeTool.Describe("restricted", new ToolPolicy(Effect.ReadOnly) { Permissions = ["special"] })));
        builder.Services.AddSingleton<ITool>(new FakeTool(FakeTool.Describe("speaking"), async (call, cancellationToken) =>
        {
            call.Progress?.Report("first");
            await Speaking.Task.WaitAsync(cancellationToken);
            call.Progress?.Report("last");
            return FakeTool.OkResult();
        }));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapDefaultEndpoints();
        _app.MapTools();
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.First());
    }

    public override async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is { } app)
        {
            await StopAsync();
            await app.DisposeAsync();
        }

        Directory.Delete(_samples, recursive: true);
        await base.DisposeAsync();
    }

    public Task StopAsync() => _app!.StopAsync();
}
