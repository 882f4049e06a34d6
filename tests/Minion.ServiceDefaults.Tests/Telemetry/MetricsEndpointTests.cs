using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.ServiceDefaults.Tests.Telemetry;

public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task Every_metric_of_Minion_is_there_under_its_name_and_type()
    {
        await using var host = await Host.StartAsync();
        Record(host, "shown");
        var families = StrictExposition.Parse(await host.Http.GetStringAsync("/metrics"));
        var expected = new Dictionary<string, string>
        {
            ["agent_executions_total"] = "counter",
            ["agent_errors_total"] = "counter",
            ["tool_calls_total"] = "counter",
            ["agent_duration_seconds"] = "histogram",
            ["llm_latency_seconds"] = "histogram",
            ["tool_duration_seconds"] = "histogram",
            ["active_sessions"] = "gauge",
            ["agents_by_status"] = "gauge",
            ["gen_ai_client_token_usage"] = "histogram",
            ["gen_ai_client_operation_duration"] = "histogram",
        };
        foreach (var (name, type) in expected)
        {
            families.ShouldContainKey(name);
            families[name].Type.ShouldBe(type, name);
        }
    }

    [Fact]
    public async Task Values_are_what_was_recorded()
    {
        await using var host = await Host.StartAsync();
        var agent = $"agent-{Guid.NewGuid():N}";
        Record(host, agent);
        Record(host, agent);
        var families = StrictExposition.Parse(await host.Http.GetStringAsync("/metrics"));

        Sample(families, "agent_executions_total", ("agent", agent), ("status", "failed")).Value.ShouldBe(2);
        Sample(families, "agent_errors_total", ("agent", agent), ("error_type", "limit_exceeded")).Value.ShouldBe(2);
        Sample(families, "tool_calls_total", ("tool", agent), ("status", "ok")).Value.ShouldBe(2);
        var durations = families["agent_duration_seconds"].Samples.Where(s => s.Labels["agent"] == agent).ToList();
        durations.Single(s => s.Name.EndsWith("_sum", StringComparison.Ordinal)).Value.ShouldBe(14);
        durations.Single(s => s.Labels.GetValueOrDefault("le") == "5").Value.ShouldBe(0);
        durations.Single(s => s.Labels.GetValueOrDefault("le") == "10").Value.ShouldBe(2);
        families["gen_ai_client_token_usage"].Samples
            .Single(s => s.Name.EndsWith("_sum", StringComparison.Ordinal) && s.Labels["gen_ai_request_model"] == agent && s.Labels["gen_ai_token_type"] == "input")
            .Value.ShouldBe(200);
        families["agents_by_status"].Samples.Single(s => s.Labels["status"] == "active").Value.ShouldBe(3);
    }

    [Fact]
    public async Task Labels_may_contain_anything()
    {
        await using var host = await Host.StartAsync();
        var nasty = $"quote \" backslash \\ newline \n brace }} comma , ünïcode {Guid.NewGuid():N}";
        Record(host, nasty);
        var families = StrictExposition.Parse(await host.Http.GetStringAsync("/metrics"));
        Sample(families, "tool_calls_total", ("tool", nasty), ("status", "ok")).Value.ShouldBe(1);
    }

    [Fact]
    public async Task The_platforms_own_metrics_carry_their_unit()
    {
        await using var host = await Host.StartAsync();
        await host.Tools.CallToolAsync(new CallToolRequest { Name = "x" });
        // Counted when the request has ended, which is after the client has its answer.
        var families = await Eventually.BecomesAsync(
            async () => StrictExposition.Parse(await host.Http.GetStringAsync("/metrics")), all => all.ContainsKey("http_server_request_duration_seconds"));
        families["http_server_request_duration_seconds"].Type.ShouldBe("histogram");
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_are_each_whole()
    {
        await using var host = await Host.StartAsync();
        Record(host, "many");
        var texts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Http.GetStringAsync("/metrics")));
        foreach (var text in texts)
        {
            StrictExposition.Parse(text).ShouldContainKey("agent_executions_total");
        }
    }

    private static void Record(Host host, string name)
    {
        var telemetry = host.App.Services.GetRequiredService<MinionTelemetry>();
        using var agent = telemetry.StartAgent(name, 1, "run", sessionId: null, "default");
        agent.Fail("limit_exceeded", TimeSpan.FromSeconds(7));
        using var chat = telemetry.StartChat("ollama", name, name, "run", 1);
        chat.Succeed(100, 10);
        using var tool = telemetry.StartTool(name, callId: null, name, "run");
        tool.Succeed();
        telemetry.ReportActiveSessions(5);
        telemetry.ReportAgents(new Dictionary<string, long> { ["active"] = 3, ["draft"] = 1 });
    }

    private static ParsedSample Sample(Dictionary<string, ParsedFamily> families, string name, params (string Label, string Value)[] labels) =>
        families[name].Samples.Single(sample => labels.All(label => sample.Labels.GetValueOrDefault(label.Label) == label.Value));
}
