using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.StandIn.Tests.Probe;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.StandIn.Tests;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Interceptors_of_the_server_see_every_kind_of_call_outermost_first()
    {
        var log = new CallLog();
        await using var server = await RunningServer.StartAsync(
            options =>
            {
                options.Interceptors.Add<Logging>("outer");
                options.Interceptors.Add<Logging>("inner");
            },
            builder => builder.Services.AddSingleton(log));
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        await client.UnaryAsync(new ProbeRequest());
        await HasEndedAsync("Unary");
        using var responses = client.ServerStream(new ProbeRequest());
        await responses.ResponseStream.MoveNext();
        await HasEndedAsync("ServerStream");
        using var requests = client.ClientStream();
        await requests.RequestStream.CompleteAsync();
        await requests;
        await HasEndedAsync("ClientStream");
        using var duplex = client.Duplex();
        await duplex.RequestStream.CompleteAsync();
        await duplex.ResponseStream.MoveNext();
        await HasEndedAsync("Duplex");

        // The client has its answer before the server has cleared up after the call.
        async Task HasEndedAsync(string name)
        {
            var lines = await Eventually.BecomesAsync(() => log.Lines.ToArray(), all => all.Length >= 4);
            lines.ShouldBe([$"outer {name}", $"inner {name}", "disposed inner", "disposed outer"]);
            log.Lines.Clear();
        }
    }

    [Fact]
    public async Task An_interceptor_that_is_registered_comes_from_the_services_of_the_call()
    {
        var log = new CallLog();
        await using var server = await RunningServer.StartAsync(
            options => options.Interceptors.Add<Refusing>(),
            builder => builder.Services.AddSingleton(log).AddScoped<Refusing>());
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        var failure = await Should.ThrowAsync<RpcException>(async () => await client.UnaryAsync(new ProbeRequest()));
        failure.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        failure.Status.Detail.ShouldBe("who are you?");
        failure.Trailers.GetValue("x-why").ShouldBe("no key");
        using var call = client.Duplex();
        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        log.Lines.ShouldBe(["refused", "refused"]);
    }

    [Fact]
    public async Task Interceptors_of_the_client_see_a_call_in_their_order_and_may_change_it()
    {
        await using var server = await RunningServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Address);
        var invoker = channel.Intercept(new Adding("one"), new Adding("two"));
        var client = new Probe.ProbeService.ProbeServiceClient(invoker);
        using var call = client.UnaryAsync(new ProbeRequest { EchoMetadata = true });
        (await call.ResponseHeadersAsync).GetValue("x-seen").ShouldBe("one, two", "values of one key travel in one line");
        await call;
        Should.NotThrow(() => client.Unary(new ProbeRequest()));
    }

    [Fact]
    public async Task Clients_of_the_factory_share_a_channel_and_have_interceptors()
    {
        await using var server = await RunningServer.StartAsync();
        var services = new ServiceCollection();
        services.AddSingleton(new Adding("factory"));
        services.AddGrpcClient<Probe.ProbeService.ProbeServiceClient>(options => options.Address = new Uri(server.Address))
            .ConfigureChannel(options => options.MaxReceiveMessageSize = 1000)
            .AddInterceptor<Adding>();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<Probe.ProbeService.ProbeServiceClient>();
        using var call = client.UnaryAsync(new ProbeRequest { EchoMetadata = true });
        (await call.ResponseHeadersAsync).GetValue("x-seen").ShouldBe("factory");
        (await Should.ThrowAsync<RpcException>(async () => await client.UnaryAsync(new ProbeRequest { ResponseSize = 1001 })))
            .StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    private sealed class CallLog
    {
        public ConcurrentQueue<string> Lines { get; } = [];
    }

    private sealed class Logging(CallLog log, string name) : Interceptor, IDisposable
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, responseStream, context);
        }

        public void Dispose() => log.Lines.Enqueue($"disposed {name}");

        private void Note(ServerCallContext context) => log.Lines.Enqueue($"{name} {context.Method.Split('/')[^1]}");
    }

    private sealed class Refusing(CallLog log) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) => throw Refuse();

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation) => throw Refuse();

        private RpcException Refuse()
        {
            log.Lines.Enqueue("refused");
            return new RpcException(new Status(StatusCode.Unauthenticated, "who are you?"), new Metadata { { "x-why", "no key" } });
        }
    }

    private sealed class Adding(string value) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var headers = new Metadata();
            foreach (var entry in context.Options.Headers ?? Metadata.Empty)
            {
                headers.Add(entry);
            }

            headers.Add("x-seen", value);
            return continuation(
                request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, context.Options.WithHeaders(headers)));
        }
    }
}
