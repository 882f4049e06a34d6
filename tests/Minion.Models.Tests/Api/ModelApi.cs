using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults;

namespace Minion.Models.Tests.Api;

/// <summary>The model service on a real port, without a database; two clients have keys, of which one may pull.</summary>
internal sealed class ModelApi : IAsyncDisposable
{
    private const string Puller = "the-key-of-the-puller";
    private const string Reader = "the-key-of-the-reader";

    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private ModelApi(WebApplication app, string address)
    {
        _app = app;
        _channel = GrpcChannel.ForAddress(address);
    }

    public Contracts.Models.V1.ModelService.ModelServiceClient Models => new(_channel);

    public static Metadata MayPull { get; } = new() { { "authorization", $"Bearer {Puller}" } };

    public static Metadata MayRead { get; } = new() { { "authorization", $"Bearer {Reader}" } };

    public static async Task<ModelApi> StartAsync(Func<string, string?> variable, TimeProvider? time = null)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Authentication:Keys:0:Name"] = "puller",
            ["Authentication:Keys:0:Key"] = Puller,
            ["Authentication:Keys:0:Permissions:0"] = "models:pull",
            ["Authentication:Keys:1:Name"] = "reader",
            ["Authentication:Keys:1:Key"] = Reader,
        });
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => (listening = o).Protocols = HttpProtocols.Http2));
        builder.AddServiceDefaults("minion-tests");
        builder.Services.AddModels();
        builder.Services.AddSingleton(new ProviderServices(time ?? TimeProvider.System, variable));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<Models.Api.ModelService>();
        await app.StartAsync();
        return new ModelApi(app, $"http://127.0.0.1:{listening!.IPEndPoint!.Port}");
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
