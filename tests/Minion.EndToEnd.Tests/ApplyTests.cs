using Minion.EndToEnd.Tests.Programs;

namespace Minion.EndToEnd.Tests;

[Collection(SharedServerCollection.Name)]
public sealed class ApplyTests(SharedServer server)
{
    private readonly Installation _minion = server.Installation;

    [Fact]
    public async Task Every_error_is_a_line_with_its_place()
    {
        var file = Path.Combine(_minion.Folder, "wrong.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            apiVersion: minion.dev/v1
            kind: AgentCluster
            metadata: { name: wrong }
            models:
              - name: m
                provider: scripted
                script: { otherwise: hi }
            agents:
              - name: one
                modle: m
                tools: calculator
              - name: one
                model: ${E2E_NOT_SET}
            """,
            TestContext.Current.CancellationToken);

        var apply = await _minion.RunAsync("apply", "-f", file);

        apply.ExitCode.ShouldBe(4, apply.ToString());
        var lines = apply.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain(l => l.StartsWith($"{file}:10:", StringComparison.Ordinal) && l.Contains("modle") && l.Contains("model"));
        lines.ShouldContain(l => l.StartsWith($"{file}:11:", StringComparison.Ordinal));
        lines.ShouldContain(l => l.StartsWith($"{file}:12:", StringComparison.Ordinal));
        lines.ShouldContain(l => l.StartsWith($"{file}:13:", StringComparison.Ordinal) && l.Contains("E2E_NOT_SET"));
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_a_repetition_neither()
    {
        _minion.Environment["E2E_TEXT"] = "from the environment";
        const string Yaml = """
            apiVersion: minion.dev/v1
            kind: AgentCluster
            metadata: { name: small }
            models:
              - { name: small, provider: scripted, script: { otherwise: '${E2E_TEXT}' } }
            agents:
              - { name: small, model: small, behaviour: direct, instructions: Talk. }
            """;

        var dry = await _minion.RunWithInputAsync(Yaml, "apply", "-f", "-", "--dry-run");
        var missing = await _minion.RunAsync("get", "agent", "small");
        var first = await _minion.RunWithInputAsync(Yaml, "apply", "-f", "-");
        var second = await _minion.RunWithInputAsync(Yaml, "apply", "-f", "-");

        dry.Out.ShouldContain("agent small would be created");
        missing.ExitCode.ShouldBe(4);
        first.Out.ShouldContain("agent small created (version 1)");
        second.Out.ShouldContain("nothing to change");
        (await _minion.JsonAsync("chat", "small", "-m", "hi"))["answer"]!.GetValue<string>().ShouldBe("from the environment");
    }
}
