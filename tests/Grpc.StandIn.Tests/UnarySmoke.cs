using Grpc.Core;
using Grpc.Net.Client;
using Grpc.StandIn.Tests.Probe;

namespace Grpc.StandIn.Tests;

public sealed class UnarySmoke(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_unary_call_is_answered()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        (await client.UnaryAsync(new ProbeRequest { Text = "hello" })).Text.ShouldBe("hello");
        client.Unary(new ProbeRequest { Text = "hello" }).Text.ShouldBe("hello");
        var e = await Should.ThrowAsync<RpcException>(async () => await client.UnaryAsync(new ProbeRequest { Fail = 5, FailText = "nö, 100 %" }));
        e.Status.Detail.ShouldBe("nö, 100 %");
        e.StatusCode.ShouldBe(StatusCode.NotFound);
        e.Trailers.GetValueBytes("grpc-status-details-bin").ShouldBe([1, 2, 3, 255]);
        using var d = client.Duplex();
        await d.RequestStream.WriteAsync(new ProbeRequest { Text = "a" });
        (await d.ResponseStream.MoveNext()).ShouldBeTrue();
        await d.RequestStream.CompleteAsync();
        (await d.ResponseStream.MoveNext()).ShouldBeFalse();
        (await Should.ThrowAsync<RpcException>(async () => await client.MissingAsync(new ProbeRequest()))).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }
}
