using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Output;

public sealed class JsonOutputTests
{
    [Fact]
    public void Messages_have_the_field_names_of_the_protos()
    {
        using var test = new TestTerminal();

        test.Terminal.Line(JsonOutput.Node(new Run { Id = "r", AgentVersion = 2, Status = RunStatus.Waiting, Output = "5 < 6 — ä" }));

        test.Out.ShouldContain("\"agent_version\":2");
        test.Out.ShouldContain("\"status\":\"RUN_STATUS_WAITING\"");
        test.Out.ShouldContain("5 < 6 — ä");
        test.Out.TrimEnd('\n').ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("{oops", "\"{oops\"")]
    public void Arguments_that_are_not_json_stay_text(string given, string? expected) =>
        JsonOutput.Parse(given)?.ToJsonString(JsonOutput.Compact).ShouldBe(expected);
}
