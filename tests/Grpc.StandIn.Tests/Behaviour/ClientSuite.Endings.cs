using Grpc.Core;
using Grpc.Net.Client;
using Grpc.StandIn.Tests.Probe;

namespace Grpc.StandIn.Tests;

public abstract partial class ClientSuite
{
    [Fact]
    public async Task A_failure_has_code_sentence_and_details()
    {
        var failure = await FailureAsync(Client.UnaryAsync(new ProbeRequest { Fail = 9, FailText = "Größe: 100 %\nnein" }));
        failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        failure.Status.Detail.ShouldBe("Größe: 100 %\nnein");
        failure.Trailers.GetValueBytes("grpc-status-details-bin").ShouldBe([1, 2, 3, 255]);
    }

    [Fact]
    public async Task A_failure_after_messages_follows_them()
    {
        using var call = Client.ServerStream(new ProbeRequest { Count = 3, Fail = 10, FailText = "later" });
        for (var i = 0; i < 3; i++)
        {
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        }

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.Aborted);
        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.Aborted);
        call.GetStatus().Detail.ShouldBe("later");
        call.GetTrailers().GetValueBytes("grpc-status-details-bin").ShouldBe([1, 2, 3, 255]);
    }

    [Fact]
    public async Task A_missing_method_is_unimplemented()
    {
        (await FailureAsync(Client.MissingAsync(new ProbeRequest()))).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task An_exception_in_the_server_stays_there()
    {
        var failure = await FailureAsync(Client.UnaryAsync(new ProbeRequest { Crash = true }));
        failure.StatusCode.ShouldBe(StatusCode.Unknown);
        failure.Status.Detail.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        // A busy machine may take longer than the deadline until the server has begun: then it gets more time.
        for (var seconds = 1; ; seconds *= 3)
        {
            var probe = Guid.NewGuid().ToString();
            var request = new ProbeRequest { Wait = true, Probe = probe, EchoMetadata = true };
            var call = Client.UnaryAsync(request, deadline: DateTime.UtcNow.AddSeconds(seconds));
            var begun = await BeginsAsync(call);
            (await FailureAsync(call)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
            if (begun)
            {
                await Eventually.HoldsAsync(async () => await NoteAsync(probe) == "cancelled");
                return;
            }

            seconds.ShouldBeLessThan(90, "no call has reached the server");
        }

        static async Task<bool> BeginsAsync(AsyncUnaryCall<ProbeResponse> call)
        {
            try
            {
                await call.ResponseHeadersAsync;
                return true;
            }
            catch (RpcException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_deadline_in_the_past_ends_the_call_at_once()
    {
        var failure = await FailureAsync(Client.UnaryAsync(new ProbeRequest { Wait = true }, deadline: DateTime.UtcNow.AddSeconds(-1)));
        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        using var call = Client.Duplex(deadline: DateTime.UtcNow.AddSeconds(-1));
        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        (await Should.ThrowAsync<RpcException>(() => call.RequestStream.WriteAsync(new ProbeRequest()))).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task A_token_cancels_the_call_on_both_sides()
    {
        var probe = Guid.NewGuid().ToString();
        using var cancellation = new CancellationTokenSource();
        var call = Client.UnaryAsync(new ProbeRequest { Wait = true, Probe = probe, EchoMetadata = true }, cancellationToken: cancellation.Token);
        await call.ResponseHeadersAsync;
        await cancellation.CancelAsync();
        (await FailureAsync(call)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await Eventually.HoldsAsync(async () => await NoteAsync(probe) == "cancelled");
    }

    [Fact]
    public async Task A_cancelled_stream_that_nobody_reads_stops_the_server()
    {
        var probe = Guid.NewGuid().ToString();
        using var cancellation = new CancellationTokenSource();
        using var call = Client.ServerStream(
            new ProbeRequest { Count = 1_000_000, ResponseSize = 1000, Probe = probe }, cancellationToken: cancellation.Token);
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        await cancellation.CancelAsync();
        await Eventually.HoldsAsync(async () => await NoteAsync(probe) == "cancelled");
        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Disposing_a_call_stops_the_server()
    {
        var probe = Guid.NewGuid().ToString();
        var call = Client.ServerStream(new ProbeRequest { Count = 1_000_000, ResponseSize = 1000, Probe = probe });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        call.Dispose();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
        await Eventually.HoldsAsync(async () => await NoteAsync(probe) == "cancelled");
    }

    [Fact]
    public async Task The_token_of_a_read_cancels_the_call()
    {
        using var cancellation = new CancellationTokenSource();
        using var call = Client.Duplex();
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "a" });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var read = call.ResponseStream.MoveNext(cancellation.Token);
        await cancellation.CancelAsync();
        (await Should.ThrowAsync<RpcException>(() => read)).StatusCode.ShouldBe(StatusCode.Cancelled);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Cancellation_is_an_OperationCanceledException_when_the_channel_says_so()
    {
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await client.UnaryAsync(new ProbeRequest { Wait = true }, cancellationToken: cancellation.Token));
        var failure = await FailureAsync(client.UnaryAsync(new ProbeRequest { Fail = 5 }));
        failure.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_write_after_an_early_end_reports_the_status_of_the_call()
    {
        using var call = Client.ClientStream();
        await call.RequestStream.WriteAsync(new ProbeRequest { Fail = 7, FailText = "no" });
        var failure = await Should.ThrowAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new ProbeRequest { Payload = Google.Protobuf.ByteString.CopyFrom(new byte[10_000]) });
            }
        });
        failure.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        failure.Status.Detail.ShouldBe("no");
        (await FailureAsync(call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task An_early_answer_counts_although_requests_would_follow()
    {
        using var call = Client.ClientStream();
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "a" });
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "b", Stop = true });
        (await call).Text.ShouldBe("ab");
        (await Should.ThrowAsync<RpcException>(() => call.RequestStream.WriteAsync(new ProbeRequest()))).StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Messages_above_the_limits_are_refused()
    {
        (await FailureAsync(Client.UnaryAsync(new ProbeRequest { ResponseSize = (4 * 1024 * 1024) + 1 }))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await Client.UnaryAsync(new ProbeRequest { ResponseSize = (4 * 1024 * 1024) - 100 })).Payload.Length.ShouldBe((4 * 1024 * 1024) - 100);
        var large = new ProbeRequest { Payload = Google.Protobuf.ByteString.CopyFrom(new byte[(4 * 1024 * 1024) + 1]) };
        (await FailureAsync(Client.UnaryAsync(large))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        using var narrow = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxSendMessageSize = 10, MaxReceiveMessageSize = null });
        var client = new Probe.ProbeService.ProbeServiceClient(narrow);
        (await FailureAsync(client.UnaryAsync(new ProbeRequest { Text = "more than ten bytes" }))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await client.UnaryAsync(new ProbeRequest { ResponseSize = 10_000_000 })).Payload.Length.ShouldBe(10_000_000);
        using var call = client.Duplex();
        (await Should.ThrowAsync<RpcException>(() => call.RequestStream.WriteAsync(new ProbeRequest { Text = "more than ten bytes" })))
            .StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Disposing_the_channel_ends_its_calls()
    {
        var channel = GrpcChannel.ForAddress(address);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        var call = client.UnaryAsync(new ProbeRequest { Wait = true, EchoMetadata = true });
        await call.ResponseHeadersAsync;
        channel.Dispose();
        (await FailureAsync(call)).StatusCode.ShouldBe(StatusCode.Cancelled);
        Should.Throw<ObjectDisposedException>(() => client.UnaryAsync(new ProbeRequest()));
    }

    private static async Task<RpcException> FailureAsync<T>(AsyncUnaryCall<T> call) =>
        await Should.ThrowAsync<RpcException>(async () => await call);

    private static Task<RpcException> FailureAsync(Task call) => Should.ThrowAsync<RpcException>(() => call);
}
