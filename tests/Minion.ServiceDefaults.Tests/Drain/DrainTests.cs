using System.Net;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;

namespace Minion.ServiceDefaults.Tests.Drain;

public sealed class DrainTests
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_call_under_way_finishes_while_the_process_says_that_it_is_not_ready()
    {
        await using var host = await Host.StartAsync(answer: async (_, _) =>
        {
            _entered.SetResult();
            await _go.Task;
            return "done";
        });
        var call = host.Tools.CallToolAsync(new CallToolRequest()).ResponseAsync;
        await _entered.Task;

        var stop = host.App.StopAsync();
        await Eventually.HoldsAsync(
            async () => (await host.Http.GetAsync("/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "not ready");
        (await host.Http.GetStringAsync("/alive")).ShouldStartWith("{\"status\":\"draining\"");
        stop.IsCompleted.ShouldBeFalse();

        _go.SetResult();
        (await call).Result.ShouldBe("done");
        await stop;
    }

    [Fact]
    public async Task A_call_that_takes_longer_than_the_grace_time_is_cut_off()
    {
        await using var host = await Host.StartAsync(
            new() { ["Drain:GraceSeconds"] = "0.2" },
            async (context, _) =>
            {
                _entered.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                return "never";
            });
        var call = host.Tools.CallToolAsync(new CallToolRequest()).ResponseAsync;
        await _entered.Task;
        await host.App.StopAsync(new CancellationTokenSource(Eventually.Patience).Token);
        await Should.ThrowAsync<RpcException>(() => call);
        host.Log.Lines.ShouldContain(line => line.Contains("The grace time is over: 1 calls are cut off"));
    }

    [Fact]
    public async Task What_ends_because_the_server_stops_is_said_so()
    {
        await using var host = await Host.StartAsync(answer: async (context, _) =>
        {
            _entered.SetResult();
            var lifetime = (Microsoft.Extensions.Hosting.IHostApplicationLifetime)context.GetHttpContext().RequestServices.GetService(typeof(Microsoft.Extensions.Hosting.IHostApplicationLifetime))!;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, lifetime.ApplicationStopping);
            return "never";
        });
        var call = host.Tools.CallToolAsync(new CallToolRequest()).ResponseAsync;
        await _entered.Task;
        host.App.Lifetime.StopApplication();
        var failed = await Should.ThrowAsync<RpcException>(() => call);
        failed.StatusCode.ShouldBe(StatusCode.Unavailable);
        FaultDetails.From(failed).Reason.ShouldBe("SERVER_STOPPING");
    }

    [Fact]
    public async Task A_grace_time_out_of_range_is_refused_at_the_start() =>
        (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => Host.StartAsync(new() { ["Drain:GraceSeconds"] = "-1" })))
            .Message.ShouldContain("GraceSeconds");
}
