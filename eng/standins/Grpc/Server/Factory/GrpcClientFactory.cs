using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Net.ClientFactory;

/// <summary>Makes clients by the name that they were registered under.</summary>
public abstract class GrpcClientFactory
{
    public abstract TClient CreateClient<TClient>(string name)
        where TClient : class;
}

internal sealed class NamedClients(ClientChannels channels, IServiceProvider provider) : GrpcClientFactory
{
    public override TClient CreateClient<TClient>(string name) =>
        ActivatorUtilities.CreateInstance<TClient>(provider, channels.CreateInvoker(name, provider));
}
