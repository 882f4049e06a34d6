using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.ToolConnections;
using Minion.Orchestration.Tests.Hosting;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Tests.Runs.Engine;

public sealed class ToolCatalogTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    [Fact]
    public async Task Asking_a_silent_tool_service_ends_as_cancelled_when_the_run_is_left()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        var client = new ToolService.ToolServiceClient(channel);
        var connection = ActivatorUtilities.CreateInstance<ToolConnection>(host.Services, new ToolClients(client, client, Contexts: null!));
        var catalog = new ToolCatalog(connection, host.Services.GetRequiredService<CallerSigner>(), TimeProvider.System);
        using var left = new CancellationTokenSource();

        var asking = catalog.FindAsync(new Caller("default", "user:ada", []), ["calculator"], left.Token).AsTask();
        using var accepted = await silent.AcceptTcpClientAsync();
        await left.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }
}
