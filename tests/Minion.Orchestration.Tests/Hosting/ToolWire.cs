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

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        if (request is not CallToolRequest sent)
        {
            return call;
        }

        Sent.Enqueue(sent);
        return new AsyncUnaryCall<TResponse>(SayAsync(sent, call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<TResponse> SayAsync<TResponse>(CallToolRequest sent, Task<TResponse> answer)
    {
        var response = await answer;
        if (response is CallToolResponse { Result.Length: > 0 } result && Says.TryGetValue(sent.Name, out var say))
        {
            say(result);
        }

        return response;
    }
}
