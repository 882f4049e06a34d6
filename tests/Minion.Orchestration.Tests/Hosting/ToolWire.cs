using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.ToolConnections;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>The way from runs to the tool service: keeps what is sent, and says beside results what a test wants to be said.</summary>
internal sealed class ToolWire : Interceptor
{
    public ConcurrentQueue<CallToolRequest> Sent { get; } = new();

    /// <summary>What is said beside the results of tools, by name.</summary>
    public Dictionary<string, Action<CallToolResponse>> Says { get; } = [];

    /// <summary>Has a host's runs go this way.</summary>
    public void Join(IServiceCollection services) => services.AddSingleton(provider =>
    {
        var url = provider.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["services:tools:grpc:0"]!;
        var channel = GrpcChannel.ForAddress(url);
        var client = new ToolService.ToolServiceClient(channel.Intercept(this));
        return new ToolClients(client, client, new ContextService.ContextServiceClient(channel));
    });

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        if (request is not CallToolRequest sent)
        {
            return call;
        }

        Sent.Enqueue(sent);
        return new AsyncServerStreamingCall<TResponse>(
            new Saying<TResponse>(call.ResponseStream, response => Say(sent, response)), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private void Say(CallToolRequest sent, object response)
    {
        if (response is StreamToolCallResponse { Response: { Result.Length: > 0 } result } && Says.TryGetValue(sent.Name, out var say))
        {
            say(result);
        }
    }

    private sealed class Saying<T>(IAsyncStreamReader<T> inner, Action<object> say) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var moved = await inner.MoveNext(cancellationToken);
            if (moved)
            {
                say(inner.Current!);
            }

            return moved;
        }
    }
}
