using System.Net.Http;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Tests.Execution;

public sealed class PipelineTests
{
    [Fact]
    public async Task A_call_gives_the_result_of_the_tool_and_leaves_a_record()
    {
        using var harness = new PipelineHarness(FakeTool.Ok());

        var report = await harness.CallAsync(arguments: """{"n":1}""");

        report.Json.ShouldBe("""{"ok":true}""");
        report.Attempts.ShouldBe(1);
        var record = harness.Records().ShouldHaveSingleItem();
        record.Outcome.ShouldBe("ok");
        record.Tenant.ShouldBe("default");
        record.Principal.ShouldBe("user:ada");
        record.Tool.ShouldBe("fake");
        record.Version.ShouldBe("1.0");
        record.ArgumentsHash.ShouldBe(System.Security.Cryptography.SHA256.HashData("""{"n":1}"""u8));
    }

    [Fact]
    public async Task An_unknown_tool_is_a_failure_that_names_the_nearest_that_the_caller_may_use()
    {
        using var harness = new PipelineHarness(
            FakeTool.Ok(FakeTool.Describe("note_add")),
            FakeTool.Ok(FakeTool.Describe("note_all", new ToolPolicy(Effect.ReadOnly) { Permissions = ["secret"] })));

        var failure = (await harness.CallAsync("note_ad", caller: Callers.Guest)).Outcome.Failure();

        failure.Kind.ShouldBe(Kind.UnknownTool);
        failure.Hint.ShouldBe("Did you mean 'note_add'?");
        harness.Records().ShouldHaveSingleItem().Outcome.ShouldBe("unknown_tool");
    }

    [Theory]
    [InlineData("{", "no JSON object")]
    [InlineData("[]", "no JSON object: it is array")]
    [InlineData("\"x\"", "no JSON object: it is string")]
    [InlineData("""{"n":1,"n":2}""", "no JSON object")]
    [InlineData("""{"s":"\ud800"}""", "half of a surrogate pair")]
    [InlineData("""{"\udc00":1}""", "half of a surrogate pair")]
    [InlineData("""{"n":-1,"s":2,"x":3}""", "/n must be at least 0; /s must be a string, but is an integer; /x is not allowed")]
    public async Task Arguments_that_do_not_fit_are_explained_all_at_once(string arguments, string message)
    {
        using var harness = new PipelineHarness(FakeTool.Ok());

        var failure = (await harness.CallAsync(arguments: arguments)).Outcome.Failure();

        failure.Kind.ShouldBe(Kind.InvalidArguments);
        failure.Message.ShouldContain(message);
        failure.Hint.ShouldContain("additionalProperties");
        harness.Records().ShouldHaveSingleItem().Attempts.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task No_arguments_are_an_empty_object(string arguments)
    {
        using var harness = new PipelineHarness(FakeTool.Ok());

        (await harness.CallAsync(arguments: arguments)).Outcome.ShouldBeOfType<ToolResult>();
    }

    [Fact]
    public async Task Arguments_nested_too_deeply_are_refused()
    {
        using var harness = new PipelineHarness(FakeTool.Ok(FakeTool.Describe() with { InputSchema = "{}" }));
        var deep = "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}";

        (await harness.CallAsync(arguments: deep)).Outcome.Failure().Kind.ShouldBe(Kind.InvalidArguments);
    }

    [Fact]
    public async Task A_caller_without_the_permission_is_denied()
    {
        using var harness = new PipelineHarness(FakeTool.Ok(FakeTool.Describe(policy: new ToolPolicy(Effect.ReadOnly) { Permissions = ["a", "b"] })));

        var failure = (await harness.CallAsync(caller: Callers.Guest with { Permissions = ["a"] })).Outcome.Failure();

        failure.Kind.ShouldBe(Kind.Denied);
        failure.Message.ShouldBe("'fake' needs the permission 'b'.");
        (await harness.CallAsync(caller: Callers.Guest with { Permissions = ["a", "b"] })).Outcome.ShouldBeOfType<ToolResult>();
    }

    [Theory]
    [InlineData(ToolStatus.Draft, false)]
    [InlineData(ToolStatus.Review, false)]
    [InlineData(ToolStatus.Approved, true)]
    [InlineData(ToolStatus.Deprecated, true)]
    public async Task Only_approved_and_deprecated_tools_are_called(ToolStatus status, bool called)
    {
        using var harness = new PipelineHarness(FakeTool.Ok(FakeTool.Describe() with { Status = status, Replacement = "other" }));

        ((await harness.CallAsync()).Outcome is ToolResult).ShouldBe(called);
    }

    [Fact]
    public async Task A_tool_that_throws_is_a_failure_without_its_message()
    {
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (_, _) => throw new InvalidOperationException("password=secret")));

        var failure = (await harness.CallAsync()).Outcome.Failure();

        failure.Kind.ShouldBe(Kind.Failed);
        failure.Message.ShouldBe("'fake' failed because of an error of its own.");
        failure.ToString().ShouldNotContain("secret");
        failure.Retryable.ShouldBeFalse();
        harness.Records().ShouldHaveSingleItem().Outcome.ShouldBe("failed");
    }

    [Fact]
    public async Task A_tool_that_gives_nothing_is_a_failure()
    {
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (_, _) => default));

        (await harness.CallAsync()).Outcome.Failure().Kind.ShouldBe(Kind.Failed);
    }

    [Theory]
    [InlineData("""{"no":1}""", "lacks the property 'ok'")]
    [InlineData("[1]", "must be an object")]
    public async Task A_result_that_does_not_fit_the_schema_is_a_failure(string result, string message)
    {
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (_, _) => new(FakeTool.Result(result))));

        var failure = (await harness.CallAsync()).Outcome.Failure();

        failure.Kind.ShouldBe(Kind.InvalidResult);
        failure.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_result_over_the_limit_is_trimmed()
    {
        var large = JsonSerializer.Serialize(new { ok = new string('x', 5_000) });
        using var harness = new PipelineHarness(
            new FakeTool(FakeTool.Describe(policy: new ToolPolicy(Effect.ReadOnly) { ResultLimit = 1_000 }), (_, _) => new(FakeTool.Result(large))));

        var report = await harness.CallAsync();

        report.Trimmed.ShouldBeTrue();
        report.Json.Length.ShouldBeInRange(500, 1_000);
    }

    [Fact]
    public async Task The_tool_is_given_the_call()
    {
        ToolCall? seen = null;
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (call, _) =>
        {
            seen = call;
            return new(FakeTool.OkResult());
        }));
        var origin = new ToolCallOrigin(Guid.CreateVersion7(), "hello", 3, 1);

        await harness.Pipeline.CallAsync(new ToolRequest("fake", """{"n":5}""", "run/3/1", origin, Callers.Ada), CancellationToken.None);

        seen.ShouldNotBeNull();
        seen.Arguments.GetProperty("n").GetInt32().ShouldBe(5);
        seen.IdempotencyKey.ShouldBe("run/3/1");
        seen.Origin.ShouldBe(origin);
        seen.Caller.ShouldBe(Callers.Ada);
    }

    [Fact]
    public async Task A_caller_that_goes_away_ends_the_call_and_is_recorded()
    {
        var started = new TaskCompletionSource();
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), async (_, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return FakeTool.OkResult();
        }));
        using var gone = new CancellationTokenSource();
        var call = harness.CallAsync(cancellationToken: gone.Token);
        await started.Task;

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        harness.Records().ShouldHaveSingleItem().Outcome.ShouldBe("cancelled");
    }

    [Fact]
    public async Task No_tool_is_called_when_its_record_has_no_place()
    {
        var calls = 0;
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (_, _) =>
        {
            calls++;
            return new(FakeTool.OkResult());
        }));
        while (harness.Audit.Outstanding < 8_192)
        {
            await harness.Audit.ReserveAsync(CancellationToken.None);
        }

        var call = harness.CallAsync();
        await harness.Time.WaitForTimerAsync(due => due == TimeSpan.FromSeconds(2));
        harness.Time.Advance(TimeSpan.FromSeconds(2));

        (await call).Outcome.Failure().Kind.ShouldBe(Kind.Busy);
        calls.ShouldBe(0);
    }
}
