using Minion.Server.Listening;
using Minion.Server.Options;

namespace Minion.Server.Start;

/// <summary>Tells the orchestration where the tools are when they are in this very process and nothing else is configured.</summary>
internal sealed class OwnAddress(ServerOptions options, Ports ports, IConfiguration configuration) : IHostedLifecycleService
{
    private readonly bool _isMine = options.Roles.Contains(ServerRole.Tools) && configuration[ServerOptions.ToolsAddressKey] is null;

    public Task StartingAsync(CancellationToken cancellationToken) => SetAsync();

    /// <summary>Again, now that a port which was left open is known.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => SetAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task SetAsync()
    {
        if (_isMine)
        {
            configuration[ServerOptions.ToolsAddressKey] = ports.Grpc;
        }

        return Task.CompletedTask;
    }
}
