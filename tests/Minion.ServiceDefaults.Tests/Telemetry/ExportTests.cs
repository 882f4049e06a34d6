using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Telemetry;
using Minion.Testing.Otlp;

namespace Minion.ServiceDefaults.Tests.Telemetry;

public sealed class ExportTests
{
    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_trace_with_its_spans_metrics_and_logs_arrives(string protocol)
    {
        await using var collector = await OtlpCollector.StartAsync();
        var name = $"agent-{Guid.NewGuid():N}";
        await using (var host = await Host.StartAsync(Settings(collector, protocol), (context, _) => WorkAsync(context, name), services => services.AddSingleton<Worker>()))
        {
            await host.Tools.CallToolAsync(new CallToolRequest { Name = "x" });
            await ServerSpanAsync(collector);
        }

        var agent = await collector.SpanAsync(span => span.Name == $"invoke_agent {name}");
        var chat = await collector.SpanAsync(span => span.TraceId == agent.TraceId && span.Name == "chat llama");
        var tool = await collector.SpanAsync(span => span.TraceId == agent.TraceId && span.Name == "execute_tool calculator");
        var server = await collector.SpanAsync(span => span.TraceId == agent.TraceId && span.SpanId == agent.ParentSpanId);

        server.Name.ShouldBe("minion.tools.v1.ToolService/CallTool");
        server.Kind.ShouldBe(2);
        server.Attributes["rpc.method"].ShouldBe("CallTool");
        chat.ParentSpanId.ShouldBe(agent.SpanId);
        chat.Kind.ShouldBe(3);
        chat.Attributes["gen_ai.operation.name"].ShouldBe("chat");
        chat.Attributes["gen_ai.provider.name"].ShouldBe("ollama");
        chat.Attributes["gen_ai.usage.input_tokens"].ShouldBe("120");
        chat.Attributes["gen_ai.response.finish_reasons"].ShouldBe("stop");
        tool.ParentSpanId.ShouldBe(agent.SpanId);
        tool.IsError.ShouldBeTrue();
        tool.Attributes["error.type"].ShouldBe("timed_out");
        agent.Service.ShouldBe("test-service");
        agent.Attributes["minion.run.id"].ShouldBe("run-1");

        var executions = await collector.MetricAsync(metric => metric.Name == "agent_executions_total" && metric.Attributes["agent"] == name);
        executions.Value.ShouldBe(1);
        (await collector.MetricAsync(metric => metric.Name == "gen_ai.client.token.usage")).Unit.ShouldBe("{token}");

        var log = await collector.LogAsync(record => record.Body == $"Working as {name}");
        log.TraceId.ShouldBe(agent.TraceId);
        log.SpanId.ShouldBe(agent.SpanId);
    }

    [Fact]
    public async Task A_trace_that_the_client_began_goes_on()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var parent = ActivityTraceId.CreateRandom();
        await using (var host = await Host.StartAsync(Settings(collector, "grpc")))
        {
            await host.Tools.CallToolAsync(
                new CallToolRequest { Name = "x" }, new Metadata { { "traceparent", $"00-{parent}-{ActivitySpanId.CreateRandom()}-01" } });
            await ServerSpanAsync(collector);
        }

        (await collector.SpanAsync(span => span.TraceId == parent.ToHexString())).Name.ShouldBe("minion.tools.v1.ToolService/CallTool");
    }

    [Fact]
    public async Task Probes_and_scrapes_leave_no_trace_and_sampling_can_leave_out_all()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var host = await Host.StartAsync(Settings(collector, "grpc")))
        {
            await host.Http.GetAsync("/health");
            await host.Http.GetAsync("/metrics");
            await host.Tools.CallToolAsync(new CallToolRequest { Name = "x" });
            await ServerSpanAsync(collector);
        }

        collector.Spans.ShouldNotContain(span => span.Kind == 2 && span.Name.StartsWith("GET", StringComparison.Ordinal));

        await using var quiet = await OtlpCollector.StartAsync();
        var settings = Settings(quiet, "grpc");
        settings["OTEL_TRACES_SAMPLER"] = "always_off";
        await using (var host = await Host.StartAsync(settings))
        {
            await host.Tools.CallToolAsync(new CallToolRequest { Name = "x" });
        }

        await quiet.MetricAsync(metric => metric.Name == "http.server.request.duration");
        quiet.Spans.ShouldBeEmpty();
    }

    /// <summary>ASP.NET ends a request's span after the client has its answer: a host that stops at once may be gone before.</summary>
    private static Task<RecordedSpan> ServerSpanAsync(OtlpCollector collector) => collector.SpanAsync(span => span.Name == "minion.tools.v1.ToolService/CallTool");

    private static async Task<string> WorkAsync(ServerCallContext context, string name)
    {
        var services = context.GetHttpContext().RequestServices;
        await services.GetRequiredService<Worker>().WorkAsync(name);
        return "";
    }

    private static Dictionary<string, string?> Settings(OtlpCollector collector, string protocol) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = protocol == "grpc" ? collector.GrpcEndpoint : collector.HttpEndpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
    };

    private sealed class Worker(MinionTelemetry telemetry, ILogger<Worker> logger)
    {
        public Task WorkAsync(string name)
        {
            using var agent = telemetry.StartAgent(name, 3, "run-1", "session-1", "default");
            logger.LogInformation("Working as {Name}", name);
            using (var chat = telemetry.StartChat("ollama", "llama", name, "run-1", 1))
            {
                chat.Succeed(120, 30, "stop", "llama-3");
            }

            using (var tool = telemetry.StartTool("calculator", "run-1/1/0", name, "run-1"))
            {
                tool.Fail("timed_out");
            }

            agent.Succeed();
            return Task.CompletedTask;
        }
    }
}
