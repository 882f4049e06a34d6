using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Models.V1;
using Minion.ServiceDefaults;
using Fault = Minion.Contracts.Faults.Fault;

namespace Minion.Cli.Tests.Models;

/// <summary>A server that has only the model service, which says what the test wants.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ModelServer(WebApplication app, string address)
    {
        _app = app;
        Address = address;
    }

    public string Address { get; }

    public static async Task<ModelServer> StartAsync(Fault? failure, params IReadOnlyList<PullModelResponse> steps)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => (listening = o).Protocols = HttpProtocols.Http2));
        builder.AddServiceDefaults("minion-tests");
        builder.Services.AddSingleton(new Script(failure, steps));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<Scripted>();
        await app.StartAsync();
        return new ModelServer(app, $"http://127.0.0.1:{listening!.IPEndPoint!.Port}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed record Script(Fault? Failure, IReadOnlyList<PullModelResponse> Steps);

    private sealed class Scripted(Script script) : ModelService.ModelServiceBase
    {
        public override Task<ListCatalogModelsResponse> ListCatalogModels(ListCatalogModelsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListCatalogModelsResponse { Models = { new CatalogModel { Name = "openai/gpt-5-mini", Price = new Price { Input = "0.25" } } }, PricesAsOf = "2026-01-31" });

        public override Task<ListLocalModelsResponse> ListLocalModels(ListLocalModelsRequest request, ServerCallContext context) => script.Failure is { } failure
            ? throw failure
            : Task.FromResult(new ListLocalModelsResponse
            {
                Address = "http://ollama:11434",
                Models = { new LocalModel { Name = "qwen3:8b", Size = 5_225_374_496, ParameterSize = "8.2B" } },
            });

        public override async Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context)
        {
            foreach (var step in script.Steps)
            {
                await responseStream.WriteAsync(step);
            }

            if (script.Failure is { } failure)
            {
                throw failure;
            }
        }
    }
}
