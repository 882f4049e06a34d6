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
using Minion.Contracts.Tools.V1;

namespace Minion.ServiceDefaults.Tests;

/// <summary>A host with the defaults on two real ports, serving one gRPC service whose calls the test answers.</summary>
internal sealed class Host : IAsyncDisposable
{
    private ListenOptions? _http;
    private ListenOptions? _grpc;

    private Host(WebApplicationBuilder builder, Func<ServerCallContext, string, Task<string>> answer)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => (_http = listen).Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => (_grpc = listen).Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(answer);
        App = builder.Build();
        App.MapDefaultEndpoints();
        App.MapGrpcService<AnsweringTools>();
        App.MapGet("/fail", void () => throw new InvalidOperationException("secret detail"));
    }

    public WebApplication App { get; }

    public LogRecorder Log => App.Services.GetRequiredService<LogRecorder>();

    public HttpClient Http { get; private set; } = null!;

    public string GrpcAddress => $"http://127.0.0.1:{_grpc!.IPEndPoint!.Port}";

    public GrpcChannel Channel { get; private set; } = null!;

    public ToolService.ToolServiceClient Tools => new(Channel);

    public static async Task<Host> StartAsync(
        Dictionary<string, string?>? settings = null,
        Func<ServerCallContext, string, Task<string>>? answer = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddServiceDefaults("test-service");
        builder.Logging.Services.AddSingleton<LogRecorder>();
        builder.Logging.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogRecorder>());
        services?.Invoke(builder.Services);
        var host = new Host(builder, answer ?? ((_, name) => Task.FromResult(name)));
        await host.App.StartAsync();
        host.Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host._http!.IPEndPoint!.Port}") };
        host.Channel = GrpcChannel.ForAddress(host.GrpcAddress);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await App.DisposeAsync();
    }

    /// <summary>A tool service whose calls do what the test says; the result is what comes back.</summary>
    private sealed class AnsweringTools(Func<ServerCallContext, string, Task<string>> answer) : ToolService.ToolServiceBase
    {
        public override async Task<CallToolResponse> CallTool(CallToolRequest request, ServerCallContext context) =>
            new() { Result = await answer(context, request.Name) };
    }
}
