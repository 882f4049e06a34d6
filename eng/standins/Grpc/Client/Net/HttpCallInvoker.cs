using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>Makes calls over a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.Start(new SingleRequest<TRequest, TResponse>(call, request));
        return new AsyncUnaryCall<TResponse>(
            call.ReadSingleAsync(), CallParts.Headers, CallParts.Status, CallParts.Trailers, CallParts.Dispose, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.Start(new SingleRequest<TRequest, TResponse>(call, request));
        return new AsyncServerStreamingCall<TResponse>(
            call.Responses(), CallParts.Headers, CallParts.Status, CallParts.Trailers, CallParts.Dispose, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        var requests = new RequestStream<TRequest, TResponse>(call);
        call.Start(requests.Content);
        var response = call.ReadSingleAsync();
        ClientCall<TRequest, TResponse>.Observe(response);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, response, CallParts.Headers, CallParts.Status, CallParts.Trailers, CallParts.Dispose, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        var requests = new RequestStream<TRequest, TResponse>(call);
        call.Start(requests.Content);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests, call.Responses(), CallParts.Headers, CallParts.Status, CallParts.Trailers, CallParts.Dispose, call);
    }

    private static class CallParts
    {
        public static readonly Func<object, Task<Metadata>> Headers = call => ((IClientCall)call).ReadHeadersAsync();
        public static readonly Func<object, Status> Status = call => ((IClientCall)call).GetStatus();
        public static readonly Func<object, Metadata> Trailers = call => ((IClientCall)call).GetTrailers();
        public static readonly Action<object> Dispose = call => ((IClientCall)call).Dispose();
    }
}
