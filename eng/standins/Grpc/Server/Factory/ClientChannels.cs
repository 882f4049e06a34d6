using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory;

/// <summary>One channel for each name, shared by all clients of that name.</summary>
internal sealed class ClientChannels(
    IHttpMessageHandlerFactory handlers, IOptionsMonitor<GrpcClientFactoryOptions> options, IServiceProvider services) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Shared>> _channels = new(StringComparer.Ordinal);

    public CallInvoker CreateInvoker(string name, IServiceProvider scope)
    {
        var shared = _channels.GetOrAdd(name, n => new Lazy<Shared>(() => Open(n))).Value;
        return Intercept(shared.Invoker, name, InterceptorScope.Client, scope);
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values.Where(channel => channel.IsValueCreated))
        {
            channel.Value.Channel.Dispose();
        }
    }

    private Shared Open(string name)
    {
        var client = options.Get(name);
        var channelOptions = new GrpcChannelOptions { HttpHandler = handlers.CreateHandler(name) };
        foreach (var configure in client.ChannelOptionsActions)
        {
            configure(channelOptions);
        }

        var address = client.Address
            ?? throw new InvalidOperationException($"Could not resolve the address for gRPC client '{name}'. Set an address when registering the client.");
        var channel = GrpcChannel.ForAddress(address, channelOptions);
        return new Shared(channel, Intercept(channel.CreateCallInvoker(), name, InterceptorScope.Channel, services));
    }

    private CallInvoker Intercept(CallInvoker invoker, string name, InterceptorScope scope, IServiceProvider provider) =>
        options.Get(name).InterceptorRegistrations
            .Where(registration => registration.Scope == scope)
            .Reverse()
            .Aggregate(invoker, (inner, registration) => inner.Intercept(registration.Creator(provider)));

    private sealed record Shared(GrpcChannel Channel, CallInvoker Invoker);
}
