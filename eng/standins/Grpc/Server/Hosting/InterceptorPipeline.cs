using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Grpc.AspNetCore.Server;

/// <summary>Puts the interceptors of a server in front of a method, the first one outermost.</summary>
internal sealed class InterceptorPipeline(IEnumerable<InterceptorRegistration> registrations)
{
    private readonly Activation<Interceptor>[] _interceptors =
        [.. registrations.Reverse().Select(r => new Activation<Interceptor>(r.Type, [.. r.Arguments]))];

    public UnaryServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(UnaryServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        _interceptors.Aggregate(method, (next, activation) => async (request, call) =>
        {
            var interceptor = activation.Get(call, out var created);
            try
            {
                return await interceptor.UnaryServerHandler(request, call, next);
            }
            finally
            {
                await Activation<Interceptor>.ReleaseAsync(interceptor, created);
            }
        });

    public ClientStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(ClientStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        _interceptors.Aggregate(method, (next, activation) => async (requests, call) =>
        {
            var interceptor = activation.Get(call, out var created);
            try
            {
                return await interceptor.ClientStreamingServerHandler(requests, call, next);
            }
            finally
            {
                await Activation<Interceptor>.ReleaseAsync(interceptor, created);
            }
        });

    public ServerStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(ServerStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        _interceptors.Aggregate(method, (next, activation) => async (request, responses, call) =>
        {
            var interceptor = activation.Get(call, out var created);
            try
            {
                await interceptor.ServerStreamingServerHandler(request, responses, call, next);
            }
            finally
            {
                await Activation<Interceptor>.ReleaseAsync(interceptor, created);
            }
        });

    public DuplexStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(DuplexStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        _interceptors.Aggregate(method, (next, activation) => async (requests, responses, call) =>
        {
            var interceptor = activation.Get(call, out var created);
            try
            {
                await interceptor.DuplexStreamingServerHandler(requests, responses, call, next);
            }
            finally
            {
                await Activation<Interceptor>.ReleaseAsync(interceptor, created);
            }
        });
}
