using System.Net;
using System.Text.Json;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;

namespace Minion.ServiceDefaults.Tests.Faults;

public sealed class FaultsOverTheWireTests
{
    [Fact]
    public async Task A_fault_arrives_with_reason_hint_and_fields()
    {
        await using var host = await Host.StartAsync(answer: (_, _) => throw new Fault(
            StatusCode.InvalidArgument, "INVALID_REQUEST", "name: is müßig", "Correct it.", [new("name", "is müßig"), new("a.b", "too long")]));
        var failed = await CallAsync(host);
        failed.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        failed.Status.Detail.ShouldBe("name: is müßig");
        var details = FaultDetails.From(failed);
        details.Reason.ShouldBe("INVALID_REQUEST");
        details.Hint.ShouldBe("Correct it.");
        details.Fields.ShouldBe([new("name", "is müßig"), new("a.b", "too long")]);
        details.ErrorId.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_internal_error_is_in_the_log_under_the_id_that_the_caller_gets()
    {
        await using var host = await Host.StartAsync(answer: (_, _) => throw new InvalidOperationException("secret detail"));
        var failed = await CallAsync(host);
        failed.StatusCode.ShouldBe(StatusCode.Internal);
        var id = FaultDetails.From(failed).ErrorId;
        id.Length.ShouldBe(32);
        failed.Status.Detail.ShouldContain(id);
        var said = failed.Status.Detail + FaultDetails.From(failed) + string.Join("", failed.Trailers.Select(t => t.IsBinary ? "" : t.Value));
        said.ShouldNotContain("secret detail");
        said.ShouldNotContain("InvalidOperationException");
        host.Log.Lines.ShouldContain(line => line.Contains(id) && line.Contains("secret detail") && line.Contains("InvalidOperationException"));
    }

    [Fact]
    public async Task A_deadline_that_passes_is_said_so()
    {
        await using var host = await Host.StartAsync(answer: async (context, _) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return "";
        });
        var failed = await Should.ThrowAsync<RpcException>(async () =>
            await host.Tools.CallToolAsync(new CallToolRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200)));
        failed.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task A_failure_over_http_is_problem_details_without_the_cause()
    {
        await using var host = await Host.StartAsync();
        var response = await host.Http.GetAsync("/fail");
        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldNotContain("secret detail");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("title").GetString().ShouldBe("INTERNAL");
        problem.GetProperty("status").GetInt32().ShouldBe(500);
        var id = problem.GetProperty("error_id").GetString()!;
        host.Log.Lines.ShouldContain(line => line.Contains(id) && line.Contains("secret detail"));
    }

    private static async Task<RpcException> CallAsync(Host host) =>
        await Should.ThrowAsync<RpcException>(async () => await host.Tools.CallToolAsync(new CallToolRequest { Name = "x" }));
}
