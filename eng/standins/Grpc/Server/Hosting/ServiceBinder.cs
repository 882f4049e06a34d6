using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Maps each method of a service to an endpoint that calls it on an instance made for the call.</summary>
internal sealed class ServiceBinder<TService>(
    IEndpointRouteBuilder routes, MethodOptions options, InterceptorPipeline pipeline, ILogger logger) : ServiceBinderBase
    where TService : class
{
    private readonly Activation<TService> _activation = new(typeof(TService), []);

    public List<IEndpointConventionBuilder> Endpoints { get; } = [];

    public HashSet<string> Services { get; } = new(StringComparer.Ordinal);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var target = Find(method, [typeof(TRequest), typeof(ServerCallContext)]);
        var invoke = target.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        var wrapped = pipeline.Wrap<TRequest, TResponse>(async (request, call) =>
        {
            var service = _activation.Get(call, out var created);
            try
            {
                return await invoke(service, request, call);
            }
            finally
            {
                await Activation<TService>.ReleaseAsync(service, created);
            }
        });
        Map(method, target, new UnaryHandler<TRequest, TResponse>(method, options, logger, wrapped).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = Find(method, [typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext)]);
        var invoke = target.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        var wrapped = pipeline.Wrap<TRequest, TResponse>(async (IAsyncStreamReader<TRequest> requests, ServerCallContext call) =>
        {
            var service = _activation.Get(call, out var created);
            try
            {
                return await invoke(service, requests, call);
            }
            finally
            {
                await Activation<TService>.ReleaseAsync(service, created);
            }
        });
        Map(method, target, new ClientStreamingHandler<TRequest, TResponse>(method, options, logger, wrapped).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = Find(method, [typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)]);
        var invoke = target.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        var wrapped = pipeline.Wrap<TRequest, TResponse>(async (TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext call) =>
        {
            var service = _activation.Get(call, out var created);
            try
            {
                await invoke(service, request, responses, call);
            }
            finally
            {
                await Activation<TService>.ReleaseAsync(service, created);
            }
        });
        Map(method, target, new ServerStreamingHandler<TRequest, TResponse>(method, options, logger, wrapped).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = Find(method, [typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)]);
        var invoke = target.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        var wrapped = pipeline.Wrap<TRequest, TResponse>(
            async (IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext call) =>
            {
                var service = _activation.Get(call, out var created);
                try
                {
                    await invoke(service, requests, responses, call);
                }
                finally
                {
                    await Activation<TService>.ReleaseAsync(service, created);
                }
            });
        Map(method, target, new DuplexHandler<TRequest, TResponse>(method, options, logger, wrapped).HandleAsync);
    }

    private static MethodInfo Find(IMethod method, Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"Could not find '{method.Name}' on {typeof(TService)}.");

    private void Map(IMethod method, MethodInfo target, RequestDelegate handle)
    {
        Services.Add(method.ServiceName);
        var endpoint = routes.MapPost(method.FullName, handle);
        endpoint.Add(builder =>
        {
            builder.DisplayName = $"gRPC - {method.FullName}";
            builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
            foreach (var attribute in typeof(TService).GetCustomAttributes(inherit: true).Concat(target.GetCustomAttributes(inherit: true)))
            {
                builder.Metadata.Add(attribute);
            }
        });
        Endpoints.Add(endpoint);
    }
}
