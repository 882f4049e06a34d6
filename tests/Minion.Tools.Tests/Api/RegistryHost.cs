using System.Net;
using Grpc.Core;
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
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Api;

/// <summary>Two processes' worth of the tools service on one database, with a kind of source that tests drive.</summary>
public sealed class RegistryHost() : DatabaseFixture(ToolsMigrations.Set)
{
    private readonly List<WebApplication> _apps = [];
    private readonly List<GrpcChannel> _channels = [];

    internal FakeSourceKind Kind { get; } = new();

    public RegistryService.RegistryServiceClient Registry => new(_channels[0]);

    public ToolService.ToolServiceClient Tools => new(_channels[0]);

    /// <summary>The same database through another process.</summary>
    public ToolService.ToolServiceClient OtherTools => new(_channels[1]);

    /// <summary>The headers with which another service calls in the name of <paramref name="caller"/>.</summary>
    public global::Grpc.Core.Metadata As(Caller caller) => _apps[0].Services.GetRequiredService<CallerSigner>().Headers(caller, "tools");

    /// <summary>The headers of an administrator of a tenant.</summary>
    public global::Grpc.Core.Metadata AdministratorOf(string tenant) => As(new Caller(tenant, "user:ada", ["*"]));

    /// <summary>How a call is refused.</summary>
    public static async Task<RpcException> FaultAsync<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        for (var i = 0; i < 2; i++)
        {
            var builder = WebApplication.CreateBuilder();
            builder.Configuration.AddInMemoryCollection(Database.Settings);
            foreach (var tenant in new[] { "pinned", "died", "claims" })
            {
                builder.Configuration[$"Tools:Mcp:Commands:{tenant}"] = "*";
            }

            builder.Configuration["Caller:Key"] = Convert.ToBase64String(new byte[32]);
            builder.AddServiceDefaults("tools");
            builder.Logging.ClearProviders();
            builder.AddDatabase();
            builder.AddTools();
            builder.Services.AddSingleton<IToolSourceKind>(i == 0 ? Kind : new FakeSourceKind());
            foreach (var version in new[] { "1.0", "1.2", "2.0" })
            {
                builder.Services.AddSingleton<ITool>(new FakeTool(
                    FakeTool.Describe("versioned") with { Version = version, OutputSchema = "{}" },
                    (_, _) => new(FakeTool.Result($"\"{version}\""))));
            }

            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            var app = builder.Build();
            app.MapDefaultEndpoints();
            app.MapTools();
            await app.StartAsync();
            _apps.Add(app);
            _channels.Add(GrpcChannel.ForAddress(app.Urls.First()));
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        foreach (var app in _apps)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
