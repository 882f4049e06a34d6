using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Minion.Bench.Arena;
using Minion.Bench.Reporting;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Minion.Data.Migrations;
using Minion.ServiceDefaults;
using Minion.Tools;
using Minion.Tools.Execution;
using ToolPolicy = Minion.Tools.ToolPolicy;

namespace Minion.Bench.Figures;

/// <summary>
/// A tool that does nothing, called one time after the other: through the whole pipeline, with the audit written to PostgreSQL meanwhile, and by its
/// delegate alone.
/// </summary>
internal sealed class ToolsFigure : IFigure
{
    private static readonly Caller Caller = new(Caller.DefaultTenant, "user:bench", ["*"]);

    public string Name => "tools";

    public string Description => "what the pipeline adds to a tool that does nothing";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("tools"), ct);
        await using var app = await StartAsync(database.ConnectionString, ct);
        var pipeline = app.Services.GetRequiredService<ToolPipeline>();
        var tool = new NoTool();
        var request = new ToolRequest(tool.Description.Name, """{"n":1}""", "", ToolCallOrigin.Direct, Caller);
        var call = new ToolCall(JsonElement.Parse("""{"n":1}"""), Caller, "", ToolCallOrigin.Direct);
        var (through, bare) = await Measuring.InTurnsAsync(
            duration => MedianAsync(duration, times: 1, () => pipeline.CallAsync(request, ct)),
            duration => MedianAsync(duration, times: 1000, () => tool.InvokeAsync(call, ct).AsTask()),
            measuring.Duration,
            ct);
        await app.StopAsync(ct);
        return [new Measurement(Name, "a call, median", through, "µs") { Reference = bare, ReferenceIs = "the delegate", Aim = Aim.AtMost(50) }];
    }

    private static async Task<WebApplication> StartAsync(string connection, CancellationToken ct)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:minion"] = connection;
        builder.AddServiceDefaults("bench");
        builder.Logging.ClearProviders();
        builder.AddDatabase();
        builder.AddTools();
        builder.Services.AddTool<NoTool>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        await app.Services.GetRequiredService<Migrator>().UpAsync(ct);
        await app.StartAsync(ct);
        return app;
    }

    private static async Task<double> MedianAsync(TimeSpan duration, int times, Func<Task> call)
    {
        var took = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
            {
                await call();
            }

            took.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / times);
        }

        return Measuring.Median(took);
    }

    private sealed class NoTool : ITool
    {
        private static readonly ToolOutcome Done = new ToolResult(JsonElement.Parse("""{"ok":true}"""));

        public ToolDescription Description { get; } = new()
        {
            Name = "nothing",
            Version = "1.0",
            Description = "Does nothing.",
            InputSchema = """{"type":"object","properties":{"n":{"type":"integer"}},"additionalProperties":false}""",
            OutputSchema = """{"type":"object","required":["ok"]}""",
            Policy = new ToolPolicy(Effect.ReadOnly),
        };

        public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => new(Done);
    }
}
