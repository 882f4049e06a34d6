using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.ServiceDefaults.Telemetry;
using Minion.Testing.Time;
using Minion.Tools.Audit;
using Minion.Tools.Declarations;
using Minion.Tools.Execution;
using Minion.Tools.Idempotency;
using Minion.Tools.Limits;
using Minion.Tools.Registry;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests;

/// <summary>The whole pipeline over some tools, without a database: records stay where the writer would fetch them.</summary>
internal sealed class PipelineHarness : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MinionTelemetry _telemetry;

    public PipelineHarness(params ITool[] tools)
    {
        _telemetry = new MinionTelemetry(_services.GetRequiredService<IMeterFactory>(), Time);
        Audit = new AuditLog(Time);
        var own = new ToolRegistry(tools, Time, NullLogger<ToolRegistry>.Instance);
        var sources = new SourceSet([], new SecretReferences(_ => null), NullLogger<SourceSet>.Instance);
        var listings = new SourceListings(Declarations, NullLogger<SourceListings>.Instance);
        var builder = new TenantToolsBuilder(own, Declarations, sources, listings, Time, NullLogger<TenantToolsBuilder>.Instance);
        Registry = new TenantRegistry(builder, Time, NullLogger<TenantRegistry>.Instance);
        var cache = new ResultCache(Options.Create(new ResultOptions()), Time);
        var results = new Results(Stores, NullLogger<Results>.Instance);
        Pipeline = new ToolPipeline(Registry, new Gatekeeper(Stores), cache, Stores, results, new CallOnce(Stores, Time, NullLogger<CallOnce>.Instance), Audit, _telemetry, Time, NullLogger<ToolPipeline>.Instance);
    }

    public ManualTime Time { get; } = new();

    public AuditLog Audit { get; }

    public FakeDeclarations Declarations { get; } = new();

    public FakeStores Stores { get; } = new();

    public TenantRegistry Registry { get; }

    public ToolPipeline Pipeline { get; }

    public Task<ToolReport> CallAsync(
        string tool = "fake", string arguments = "{}", Caller? caller = null, CancellationToken cancellationToken = default) =>
        Pipeline.CallAsync(new ToolRequest(tool, arguments, $"key-{Guid.CreateVersion7()}", ToolCallOrigin.Direct, caller ?? Callers.Ada), cancellationToken);

    /// <summary>Declares a policy for the tools that a name means.</summary>
    public PipelineHarness With(string name, Minion.Contracts.Tools.V1.ToolPolicy policy)
    {
        Declarations.Declared = Declarations.Declared with { Policies = [.. Declarations.Declared.Policies, new DeclaredPolicy(name, policy, "", default)] };
        Registry.ForgetAll();
        return this;
    }

    public Task<ToolReport> CallAsync(ToolRequest request) => Pipeline.CallAsync(request, TestContext.Current.CancellationToken);

    public static ToolRequest Request(string arguments = "{}", string agent = "", bool tainted = false, string tool = "fake", Caller? caller = null) =>
        new(tool, arguments, $"key-{Guid.CreateVersion7()}", new ToolCallOrigin(null, agent, 0, 0) { FromRun = agent.Length > 0 }, caller ?? Callers.Ada) { Tainted = tainted };

    public List<AuditRecord> Records()
    {
        var records = new List<AuditRecord>();
        while (Audit.Records.TryRead(out var record))
        {
            records.Add(record);
        }

        return records;
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        _services.Dispose();
        Audit.Dispose();
    }
}
