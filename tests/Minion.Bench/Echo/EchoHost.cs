using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Minion.Server.InProcess;

namespace Minion.Bench.Echo;

/// <summary>Kestrel with the gRPC services of the bench and their bare counterparts, on one HTTP/2 port.</summary>
internal sealed class EchoHost : IAsyncDisposable
{
    /// <summary>The argument that makes this program the other process.</summary>
    public const string Argument = "--echo";

    private readonly WebApplication _app;

    private EchoHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single(u => u.Contains("127.0.0.1", StringComparison.Ordinal)));

    /// <summary>A way to it over pipes, for this process only.</summary>
    public HttpMessageHandler InProcess => _app.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(nameof(InProcess));

    public static async Task<EchoHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.ListenInProcess();
        builder.Services.AddHttpClient(nameof(InProcess)).ConnectInProcess();
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<EchoService>();
        app.MapGrpcService<UndecidedTools>();
        app.MapBareEndpoints();
        await app.StartAsync();
        return new EchoHost(app);
    }

    /// <summary>The other process: says where it listens, and ends with whoever started it.</summary>
    public static async Task RunAsync()
    {
        await using var host = await StartAsync();
        Console.WriteLine(host.Address);
        await Console.In.ReadToEndAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
