using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.StandIn.Tests.Probe;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Minion.Testing.Ports;

namespace Grpc.StandIn.Tests;

/// <summary>What the client says when the other side is no server of its protocol, or is gone.</summary>
public sealed class ChannelTests
{
    [Fact]
    public async Task A_server_that_cannot_be_reached_is_unavailable_in_a_sentence()
    {
        using var port = new ReservedPort();
        using var channel = GrpcChannel.ForAddress(port.Url);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        var failure = await Should.ThrowAsync<RpcException>(async () => await client.UnaryAsync(new ProbeRequest()));
        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Status.Detail.ShouldContain($"127.0.0.1:{port.Number}");
        using var call = client.Duplex();
        (await Should.ThrowAsync<RpcException>(() => call.RequestStream.WriteAsync(new ProbeRequest()))).StatusCode.ShouldBe(StatusCode.Unavailable);
        using var requests = client.ClientStream();
        (await Should.ThrowAsync<RpcException>(async () => await requests)).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_server_that_goes_away_in_the_middle_of_a_stream_is_unavailable()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var server = await RunningServer.StartAsync();
        using var cut = new CancellationTokenSource();
        var proxy = ProxyAsync(listener, new Uri(server.Address).Port, cut.Token);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var call = new Probe.ProbeService.ProbeServiceClient(channel).ServerStream(new ProbeRequest { Count = 1, Wait = true });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var next = call.ResponseStream.MoveNext();
        await cut.CancelAsync();
        (await Should.ThrowAsync<RpcException>(() => next)).StatusCode.ShouldBe(StatusCode.Unavailable);
        await proxy;
        listener.Stop();
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(200, StatusCode.Cancelled)]
    public async Task An_answer_that_is_not_gRPC_has_a_status_too(int http, StatusCode expected)
    {
        await using var server = await RunningServer.StartBareAsync(async context =>
        {
            context.Response.StatusCode = http;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<h1>hello</h1>");
        });
        (await FailureAsync(server.Address)).StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("", StatusCode.Cancelled)]
    [InlineData("0", StatusCode.Internal)]
    [InlineData("5", StatusCode.NotFound)]
    [InlineData("99", StatusCode.Unknown)]
    [InlineData("x", StatusCode.Unknown)]
    public async Task An_answer_without_message_ends_as_its_trailers_say(string status, StatusCode expected)
    {
        await using var server = await RunningServer.StartBareAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            if (status.Length > 0)
            {
                context.Response.AppendTrailer("grpc-status", status);
            }
        });
        (await FailureAsync(server.Address)).StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 255, 255 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task A_body_that_cannot_be_read_is_internal(byte[] body)
    {
        await using var server = await RunningServer.StartBareAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(body);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        (await FailureAsync(server.Address)).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task More_streams_than_one_connection_takes_use_several()
    {
        await using var server = await RunningServer.StartAsync(maxStreams: 100);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        var calls = Enumerable.Range(0, 250).Select(_ => client.Duplex()).ToList();
        await Task.WhenAll(calls.Select(call => call.RequestStream.WriteAsync(new ProbeRequest { Text = "x" })));
        var answered = await Task.WhenAll(calls.Select(call => call.ResponseStream.MoveNext())).WaitAsync(Eventually.Patience);
        answered.ShouldAllBe(got => got);
        calls.ForEach(call => call.Dispose());
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Should.Throw<ArgumentException>(() => GrpcChannel.ForAddress("ftp://host"));
        Should.Throw<InvalidOperationException>(
            () => GrpcChannel.ForAddress("http://host", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
        using var http = new HttpClient();
        using var handler = new SocketsHttpHandler();
        Should.Throw<ArgumentException>(
            () => GrpcChannel.ForAddress("http://host", new GrpcChannelOptions { HttpClient = http, HttpHandler = handler }));
    }

    private static async Task<RpcException> FailureAsync(string address)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        return await Should.ThrowAsync<RpcException>(async () => await client.UnaryAsync(new ProbeRequest()));
    }

    private static async Task ProxyAsync(TcpListener listener, int port, CancellationToken cut)
    {
        using var client = await listener.AcceptSocketAsync(cut);
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await server.ConnectAsync(IPAddress.Loopback, port, cut);
        using var left = new NetworkStream(client);
        using var right = new NetworkStream(server);
        var both = Task.WhenAll(left.CopyToAsync(right, cut), right.CopyToAsync(left, cut));
        await both.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
