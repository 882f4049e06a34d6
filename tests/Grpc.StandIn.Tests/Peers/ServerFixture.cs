using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.StandIn.Tests.Probe;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.StandIn.Tests;

/// <summary>The C# server of the tests, on a free port of loopback.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private RunningServer? _server;
    private RunningServer? _gzip;

    public RunningServer Server => _server!;

    public RunningServer GzipServer => _gzip!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        _gzip = await RunningServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await GzipServer.DisposeAsync();
    }
}

/// <summary>A server that runs until it is disposed.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app) => _app = app;

    public ProbeRecord Record => _app.Services.GetRequiredService<ProbeRecord>();

    public string Address =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The address without its scheme.</summary>
    public string Target => new Uri(Address).Authority;

    public static Task<RunningServer> StartAsync(
        Action<GrpcServiceOptions>? configure = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null,
        int maxStreams = 2000) =>
        RunAsync(
            builder =>
            {
                builder.Services.AddGrpc(options => configure?.Invoke(options));
                builder.Services.AddSingleton<ProbeRecord>();
                build?.Invoke(builder);
            },
            app =>
            {
                app.MapGrpcService<ProbeService>();
                map?.Invoke(app);
            },
            maxStreams);

    /// <summary>A probe service whose unary method is the given one.</summary>
    public static Task<RunningServer> StartScriptedAsync(UnaryServerMethod<ProbeRequest, ProbeResponse> method) =>
        RunAsync(
            builder => builder.Services.AddSingleton(method).AddScoped<Scripted>().AddGrpc(),
            app => app.MapGrpcService<Scripted>());

    /// <summary>HTTP/2, but not gRPC.</summary>
    public static Task<RunningServer> StartBareAsync(RequestDelegate answer) => RunAsync(_ => { }, app => app.Run(answer));

    private static async Task<RunningServer> RunAsync(Action<WebApplicationBuilder> build, Action<WebApplication> map, int maxStreams = 2000)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.Http2.MaxStreamsPerConnection = maxStreams;
        });
        build(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new RunningServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
