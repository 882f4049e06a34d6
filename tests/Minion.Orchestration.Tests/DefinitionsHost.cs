using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.ServiceDefaults;
using Minion.ServiceDefaults.Callers;
using Minion.Testing.Database;
using AgentClient = Minion.Contracts.Orchestration.V1.AgentService.AgentServiceClient;
using ClusterClient = Minion.Contracts.Orchestration.V1.ClusterService.ClusterServiceClient;
using SessionClient = Minion.Contracts.Orchestration.V1.SessionService.SessionServiceClient;

namespace Minion.Orchestration.Tests;

/// <summary>The services of agents, sessions and clusters on a real port and a real database, for the tests of a class.</summary>
public sealed class DefinitionsHost : DatabaseFixture
{
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public DefinitionsHost()
        : base(OrchestrationExtensions.Migrations)
    {
    }

    public IServiceProvider Services => _app!.Services;

    public AgentClient Agents => new(_channel);

    public SessionClient Sessions => new(_channel);

    public ClusterClient Clusters => new(_channel);

    public Contracts.Orchestration.V1.WorkspaceService.WorkspaceServiceClient Workspaces => new(_channel);

    /// <summary>The headers of a caller of a tenant that no other test uses.</summary>
    public Metadata NewTenant(out string tenant)
    {
        tenant = $"t{Guid.CreateVersion7():N}";
        return As(tenant);
    }

    public Metadata NewTenant() => NewTenant(out _);

    public Metadata As(string tenant) =>
        Services.GetRequiredService<CallerSigner>().Headers(new Caller(tenant, "user:ada", ["*"]), "orchestration");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        ListenOptions? endpoint = null;
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(Database.Settings);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => (endpoint = listen).Protocols = HttpProtocols.Http2));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddServiceDefaults("test");
        builder.AddDatabase();
        builder.Services.AddGrpc();
        builder.Services.AddModels();
        // Nobody listens there: these services work without the tools.
        builder.Services.AddGrpcClient<ToolService.ToolServiceClient>(client => client.Address = new Uri("http://127.0.0.1:1"));
        builder.Services.AddGrpcClient<RegistryService.RegistryServiceClient>(client => client.Address = new Uri("http://127.0.0.1:1"));
        builder.Services.AddDefinitions();
        _app = builder.Build();
        _app.MapDefaultEndpoints();
        _app.MapDefinitions();
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{endpoint!.IPEndPoint!.Port}");
    }

    public override async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <summary>The failure of a call that must fail.</summary>
    internal static async Task<(RpcException Error, FaultDetails Details)> FailureOf<T>(AsyncUnaryCall<T> call)
    {
        var error = await Should.ThrowAsync<RpcException>(async () => await call);
        return (error, FaultDetails.From(error));
    }
}
