using System.Text;
using System.Text.Json;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Tests.Execution;

/// <summary>Whatever a tool gives back, the call ends with a failure that says so, and the pipeline goes on.</summary>
public sealed class BadResultTests
{
    [Fact]
    public async Task A_gigabyte_is_too_large_and_is_not_copied()
    {
        var bytes = new byte[1 << 30];
        Array.Fill(bytes, (byte)'x');
        "{\"ok\":\""u8.CopyTo(bytes);
        "\"}"u8.CopyTo(bytes.AsSpan(bytes.Length - 2));
        using var document = JsonDocument.Parse(bytes);

        var failure = await FailureAsync(new ToolResult(document.RootElement));

        failure.Kind.ShouldBe(Failure.Types.Kind.InvalidResult);
        failure.Message.ShouldContain("cannot be shortened");
    }

    [Fact]
    public async Task A_hundred_thousand_items_are_shortened()
    {
        using var harness = new PipelineHarness(Tool(FakeTool.Result($"{{\"ok\":[{string.Join(',', Enumerable.Range(0, 100_000))}]}}")));

        var report = await harness.CallAsync();

        report.Trimmed.ShouldBeTrue();
        Encoding.UTF8.GetByteCount(report.Json).ShouldBeLessThanOrEqualTo(FakeTool.Describe().Policy.ResultLimit);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_an_error_of_the_tool() => (await FailureAsync(
        new ToolResult(JsonElement.Parse([.. "{\"ok\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8])))).Message.ShouldContain("an error of its own");

    [Fact]
    public async Task Binary_data_in_a_text_stay_as_they_are()
    {
        var text = string.Concat(Enumerable.Range(0, 256).Select(value => (char)value));
        using var harness = new PipelineHarness(Tool(FakeTool.Result(JsonSerializer.Serialize(new { ok = text }))));

        var report = await harness.CallAsync();

        JsonElement.Parse(report.Json).GetProperty("ok").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task A_result_without_a_value_is_said_to_be_none() =>
        (await FailureAsync(new ToolResult(default))).Message.ShouldContain("gave no result");

    [Fact]
    public async Task No_outcome_at_all_is_an_error_of_the_tool() => (await FailureAsync(null!)).Message.ShouldContain("an error of its own");

    private static async Task<ToolFailure> FailureAsync(ToolOutcome outcome)
    {
        using var harness = new PipelineHarness(Tool(outcome), FakeTool.Ok(FakeTool.Describe("other")));

        var failure = (await harness.CallAsync()).Outcome.Failure();

        (await harness.CallAsync("other")).Outcome.Value();
        harness.Records().Count.ShouldBe(2);
        return failure;
    }

    private static FakeTool Tool(ToolOutcome outcome) => new(FakeTool.Describe(), (_, _) => new(outcome));
}
