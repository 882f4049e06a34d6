using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Minion.Models;

/// <summary>Reads the override's settings when the host starts, so that a mistake in them is heard of then and not at the first call.</summary>
internal sealed class ModelOverrideCheck(ModelOverride modelOverride, ILogger<ModelGateway> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (modelOverride.Definition is { } definition)
        {
            LogMessages.Overridden(logger, definition.Model, definition.Url);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
