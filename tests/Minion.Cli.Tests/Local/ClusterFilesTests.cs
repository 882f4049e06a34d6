using Minion.Cli.Local;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Local;

public sealed class ClusterFilesTests
{
    [Theory]
    [InlineData("url: ${URL}", "URL")]
    [InlineData("url: ${URL:-http://localhost:11434/v1}", "URL")]
    [InlineData("a: ${A} b: ${B} a: ${A}", "A B")]
    [InlineData("key: ${BIG_API_KEY} ${X_TOKEN} ${Y_SECRET} ${Z_PASSWORD} ${z_key}", "")]
    [InlineData("no: $NAME {NAME} ${1X} ${}", "")]
    public void What_the_file_refers_to_is_found_but_no_secret(string content, string expected) =>
        string.Join(' ', ClusterFiles.References(content)).ShouldBe(expected);

    [Fact]
    public async Task Only_values_that_are_set_and_no_secrets_are_sent()
    {
        using var test = new TestTerminal(
            "a: ${SET} ${UNSET} ${MY_API_KEY}", environment: [("SET", "1"), ("MY_API_KEY", "secret"), ("OTHER", "2")]);

        var request = await ClusterFiles.ReadAsync(test.Terminal, "-", dryRun: true, TestContext.Current.CancellationToken);

        request.Environment.ShouldHaveSingleItem().ShouldBe(new("SET", "1"));
        request.Source.ShouldBe("stdin");
        request.DryRun.ShouldBeTrue();
        request.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_file_of_10_MB_is_not_even_sent()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "huge.yaml");
        await File.WriteAllTextAsync(file, new string('x', 10 * 1024 * 1024), TestContext.Current.CancellationToken);
        using var test = new TestTerminal();

        (await test.RunAsync("apply", "-f", file)).ShouldBe(ExitCodes.Usage);

        test.Error.ShouldContain("10,485,760 bytes");
        test.Error.ShouldContain("1,048,576");
    }

    [Fact]
    public void What_is_wrong_has_its_place_in_front()
    {
        var failure = new CliFailure(4, "invalid", "", "", [new("agents[0].name", "line 3, column 5: is missing"), new("", "line 1, column 1: is no YAML"), new("x", "other")]);

        ClusterFiles.InPlaces(failure, "c.yaml").Fields.Select(f => $"{f.Field}: {f.Message}")
            .ShouldBe(["c.yaml:3:5 agents[0].name: is missing", "c.yaml:1:1: is no YAML", "x: other"]);
    }

    [Theory]
    [InlineData(Change.Types.Action.Created, 1, false, "agent hello created (version 1)")]
    [InlineData(Change.Types.Action.Updated, 3, true, "agent hello would be updated (version 3)")]
    [InlineData(Change.Types.Action.Unchanged, 2, true, "agent hello unchanged (version 2)")]
    [InlineData(Change.Types.Action.Removed, 0, false, "agent hello removed")]
    public void A_change_is_a_line(Change.Types.Action action, int version, bool dryRun, string expected) =>
        PlanOutput.Describe(new Change { Kind = "agent", Name = "hello", Action = action, Version = version }, dryRun).ShouldBe(expected);
}
