using Grpc.Core;
using Grpc.Core.Interceptors;
using Minion.Contracts.Callers;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.ServiceDefaults.Callers;

/// <summary>Hands the caller that the gate let in on to the gRPC call.</summary>
internal sealed class CallerInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(requestStream, responseStream, context);
    }

    private static void Begin(ServerCallContext context)
    {
        CallActivity.Started(context.Method);
        if (context.GetHttpContext().Features.Get<Caller>() is { } caller)
        {
            context.SetCaller(caller);
        }
    }
}
