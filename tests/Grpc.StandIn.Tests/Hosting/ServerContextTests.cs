using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.StandIn.Tests.Probe;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.StandIn.Tests;

/// <summary>What a method of a service finds in its context, and where its service comes from.</summary>
public sealed class ServerContextTests
{
    [Fact]
    public async Task The_context_describes_the_call()
    {
        var seen = await CallAsync(
            (_, context) =>
            {
                context.Method.ShouldBe("/standin.probe.v1.ProbeService/Unary");
                context.Peer.ShouldStartWith("ipv4:127.0.0.1:");
                context.Host.ShouldStartWith("127.0.0.1:");
                (context.Deadline - DateTime.UtcNow).ShouldBeInRange(TimeSpan.Zero, Eventually.Patience);
                context.RequestHeaders.GetValue("x-a").ShouldBe("b");
                context.RequestHeaders.ShouldNotContain(entry => entry.Key.StartsWith("grpc-") || entry.Key.StartsWith(':') || entry.Key == "te");
                context.GetHttpContext().Request.Protocol.ShouldBe("HTTP/2");
                context.UserState["k"] = 1;
                context.UserState["k"].ShouldBe(1);
                context.AuthContext.IsPeerAuthenticated.ShouldBeFalse();
                context.CancellationToken.IsCancellationRequested.ShouldBeFalse();
                return Task.FromResult(new ProbeResponse());
            },
            client => client.UnaryAsync(new ProbeRequest(), new Metadata { { "x-a", "b" } }, DateTime.UtcNow + Eventually.Patience).ResponseAsync);
        seen.ShouldBeNull();
    }

    [Fact]
    public async Task A_status_that_the_method_sets_ends_the_call()
    {
        var seen = await CallAsync((_, context) =>
        {
            context.Status = new Status(StatusCode.DataLoss, "gone");
            return Task.FromResult(new ProbeResponse());
        });
        seen!.Status.Detail.ShouldBe("gone");
        seen.StatusCode.ShouldBe(StatusCode.DataLoss);
    }

    [Fact]
    public async Task No_response_is_cancelled()
    {
        (await CallAsync((_, _) => Task.FromResult<ProbeResponse>(null!)))!.StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Headers_go_once()
    {
        var seen = await CallAsync(async (_, context) =>
        {
            await context.WriteResponseHeadersAsync([]);
            await Should.ThrowAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
            return new ProbeResponse();
        });
        seen.ShouldBeNull();
    }

    [Fact]
    public async Task A_deadline_does_not_wait_for_a_method_that_ignores_it()
    {
        var release = new TaskCompletionSource();
        var seen = await CallAsync(
            async (_, _) =>
            {
                await release.Task;
                return new ProbeResponse();
            },
            async client => await client.UnaryAsync(new ProbeRequest(), deadline: DateTime.UtcNow.AddMilliseconds(300)),
            release.SetResult);
        seen!.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Each_call_has_a_service_of_its_own_that_is_disposed_after_it()
    {
        Scripted.Disposed = 0;
        (await CallAsync((_, _) => Task.FromResult(new ProbeResponse()))).ShouldBeNull();
        await Eventually.BecomesAsync(() => Scripted.Disposed, disposed => disposed == 1, "the service to be disposed once");
    }

    [Fact]
    public async Task A_call_continues_the_trace_of_its_caller_under_the_name_of_the_method()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "System.Net.Http" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        using var root = source.StartActivity("root")!;
        (string Name, ActivityTraceId Trace) inServer = default;
        await CallAsync((_, _) =>
        {
            inServer = (Activity.Current!.DisplayName, Activity.Current.TraceId);
            return Task.FromResult(new ProbeResponse());
        });
        inServer.Name.ShouldBe("standin.probe.v1.ProbeService/Unary");
        inServer.Trace.ShouldBe(root.TraceId);
    }

    [Fact]
    public async Task Other_endpoints_of_the_server_are_left_alone()
    {
        await using var server = await RunningServer.StartAsync(map: app => app.MapPost("/{a}/{b}", (string a, string b) => $"{a} and {b}"));
        using var http = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var mine = await http.PostAsync($"{server.Address}/x/y", new StringContent("{}"));
        (await mine.Content.ReadAsStringAsync()).ShouldBe("x and y");
        (await http.PostAsync($"{server.Address}/x/y/z", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public void A_service_needs_AddGrpc_and_a_generated_base_class()
    {
        var without = WebApplication.CreateSlimBuilder().Build();
        Should.Throw<InvalidOperationException>(() => without.MapGrpcService<ProbeService>()).Message.ShouldContain("AddGrpc");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddGrpc();
        Should.Throw<InvalidOperationException>(() => builder.Build().MapGrpcService<ProbeRecord>()).Message.ShouldContain("generated base class");
    }

    private static async Task<RpcException?> CallAsync(
        UnaryServerMethod<ProbeRequest, ProbeResponse> method,
        Func<Probe.ProbeService.ProbeServiceClient, Task<ProbeResponse>>? call = null,
        Action? afterwards = null)
    {
        await using var server = await RunningServer.StartScriptedAsync(method);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeService.ProbeServiceClient(channel);
        try
        {
            await (call is null ? client.UnaryAsync(new ProbeRequest()).ResponseAsync : call(client));
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
        finally
        {
            afterwards?.Invoke();
        }
    }
}

/// <summary>A service whose one method the test brings along.</summary>
public sealed class Scripted(UnaryServerMethod<ProbeRequest, ProbeResponse> method) : Probe.ProbeService.ProbeServiceBase, IDisposable
{
    public static int Disposed { get; set; }

    public override Task<ProbeResponse> Unary(ProbeRequest request, ServerCallContext context) => method(request, context);

    public void Dispose() => Disposed++;
}
