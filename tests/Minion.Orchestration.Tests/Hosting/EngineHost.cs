using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Models.V1;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Models;
using Minion.ServiceDefaults;
using Minion.ServiceDefaults.Callers;
using Minion.Testing.Database;
using Minion.Testing.Ports;
using Minion.Tools;
using Npgsql;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>Orchestration and tools on a real Kestrel port over a real database, with clients. Two hosts on one database are two workers.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;
    private readonly ReservedPort _port;
    private bool _disposed;

    private EngineHost(WebApplication app, TestDatabase database, ReservedPort port)
    {
        _app = app;
        _port = port;
        Database = database;
        _channel = GrpcChannel.ForAddress(port.Url);
        Agents = new AgentService.AgentServiceClient(_channel);
        Sessions = new SessionService.SessionServiceClient(_channel);
        Streams = new StreamService.StreamServiceClient(_channel);
        Workspaces = new WorkspaceService.WorkspaceServiceClient(_channel);
        Runs = new RunService.RunServiceClient(_channel);
        Inbox = new InboxService.InboxServiceClient(_channel);
        Clusters = new ClusterService.ClusterServiceClient(_channel);
        Costs = new CostService.CostServiceClient(_channel);
        Budgets = new BudgetService.BudgetServiceClient(_channel);
        Catalog = new Contracts.Models.V1.ModelService.ModelServiceClient(_channel);
        Status = new StatusService.StatusServiceClient(_channel);
        History = new HistoryService.HistoryServiceClient(_channel);
    }

    public TestDatabase Database { get; }

    public AgentService.AgentServiceClient Agents { get; }

    public SessionService.SessionServiceClient Sessions { get; }

    public RunService.RunServiceClient Runs { get; }

    public StreamService.StreamServiceClient Streams { get; }

    public WorkspaceService.WorkspaceServiceClient Workspaces { get; }

    public InboxService.InboxServiceClient Inbox { get; }

    public ClusterService.ClusterServiceClient Clusters { get; }

    public StatusService.StatusServiceClient Status { get; }

    public HistoryService.HistoryServiceClient History { get; }

    /// <summary>The way to its services, for a client of another one.</summary>
    public GrpcChannel Channel => _channel;

    public CostService.CostServiceClient Costs { get; }

    public BudgetService.BudgetServiceClient Budgets { get; }

    public Contracts.Models.V1.ModelService.ModelServiceClient Catalog { get; }

    public IServiceProvider Services => _app.Services;

    public NpgsqlDataSource Engine => Database.DataSource(DatabaseRoles.Engine);

    public static Task<EngineHost> StartAsync(TestDatabase database, string lease = "00:00:10", params ITool[] tools) =>
        StartAsync(database, new Dictionary<string, string?> { ["Engine:Lease"] = lease }, tools);

    public static Task<EngineHost> StartAsync(TestDatabase database, IReadOnlyDictionary<string, string?> settings, params ITool[] tools) =>
        StartAsync(database, settings, _ => { }, tools);

    public static async Task<EngineHost> StartAsync(
        TestDatabase database, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> add, params ITool[] tools)
    {
        var port = new ReservedPort();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(database.Settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Engine:Lease"] = "00:00:10",
            ["Engine:DrainGrace"] = "00:00:01",
            ["services:tools:grpc:0"] = port.Url,
            ["Caller:Key"] = Convert.ToBase64String(new byte[32]),
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port.Number, o => o.Protocols = HttpProtocols.Http2));
        builder.AddServiceDefaults("minion-tests");
        builder.AddDatabase();
        builder.AddTools();
        foreach (var tool in tools)
        {
            builder.Services.AddSingleton(tool);
        }

        builder.AddOrchestration();
        add(builder.Services);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapOrchestration();
        app.MapTools();
        await app.StartAsync();
        return new EngineHost(app, database, port);
    }

    /// <summary>Makes an agent with a scripted model of its own; returns its name.</summary>
    public async Task<string> AgentAsync(
        string script, string[]? tools = null, Limits? limits = null, string behaviour = "react", string[]? permissions = null, string[]? agents = null, string? name = null)
    {
        name ??= NewName();
        await ModelAsync(name, new ModelDefinition { Name = name, Provider = "scripted", Script = JsonDocument.Parse(script).RootElement.Clone() });
        return await AgentOfAsync(name, tools, limits, behaviour, permissions, agents);
    }

    /// <summary>Makes an agent with a scripted model of its own that asks a person about some of its calls; returns its name.</summary>
    public Task<string> AskingAgentAsync(string script, string[] tools, params ApprovalRule[] approvals) => AskingAgentAsync(script, tools, [], approvals);

    /// <inheritdoc cref="AskingAgentAsync(string, string[], ApprovalRule[])"/>
    public async Task<string> AskingAgentAsync(string script, string[] tools, string[] agents, params ApprovalRule[] approvals)
    {
        var name = NewName();
        await ModelAsync(name, new ModelDefinition { Name = name, Provider = "scripted", Script = JsonDocument.Parse(script).RootElement.Clone() });
        var definition = new AgentDefinition { Name = name, Model = name, Tools = { tools }, Agents = { agents }, Approvals = { approvals } };
        await Agents.CreateAgentAsync(new CreateAgentRequest { Definition = definition });
        return name;
    }

    /// <summary>The open items of a run, once there are as many as expected.</summary>
    public async Task<IReadOnlyList<InboxItem>> ItemsAsync(string run, int count = 1)
    {
        IReadOnlyList<InboxItem> items = [];
        await Eventually.HoldsAsync(
            async () => (items = (await Inbox.ListItemsAsync(new ListItemsRequest { RunId = run })).Items).Count == count,
            () => $"run {run} to ask {count} things; it asks {items.Count}");
        return items;
    }

    /// <summary>The headers of another caller.</summary>
    public Metadata As(string tenant, string principal = "user:eve") =>
        Services.GetRequiredService<CallerSigner>().Headers(new Caller(tenant, principal, ["*"]), "orchestration");

    /// <summary>Makes an agent whose model is an endpoint; returns its name.</summary>
    public async Task<string> AgentAtAsync(string url, params string[] tools)
    {
        var name = NewName();
        await ModelAsync(name, new ModelDefinition { Name = name, Provider = "openai-compatible", Model = "m", Url = url, IdleTimeout = TimeSpan.FromMinutes(2) });
        return await AgentOfAsync(name, tools);
    }

    /// <summary>Makes an agent whose model is an endpoint that may take its time; returns its name.</summary>
    public async Task<string> PatientAgentAsync(string url)
    {
        var name = NewName();
        var definition = new ModelDefinition
        {
            Name = name,
            Provider = "openai-compatible",
            Model = "m",
            Url = url,
            IdleTimeout = TimeSpan.FromMinutes(2),
            Timeout = TimeSpan.FromMinutes(3),
        };
        await ModelAsync(name, definition);
        return await AgentOfAsync(name, tools: null);
    }

    /// <summary>Makes an agent whose model is an endpoint with a price; returns its name.</summary>
    public async Task<string> PricedAgentAsync(string url, decimal input, decimal output, Limits? limits = null, params string[] tools)
    {
        var name = NewName();
        await ModelAsync(name, new ModelDefinition
        {
            Name = name,
            Provider = "openai-compatible",
            Model = "m",
            Url = url,
            MaxOutput = 100,
            Price = new ModelPrice { Input = input, Output = output },
        });
        return await AgentOfAsync(name, tools, limits);
    }

    public static string NewName() => $"a-{Guid.CreateVersion7():N}";

    private async Task<string> AgentOfAsync(
        string name, string[]? tools, Limits? limits = null, string behaviour = "react", string[]? permissions = null, string[]? agents = null)
    {
        var definition = new AgentDefinition { Name = name, Model = name, Behaviour = behaviour, Instructions = "You are a test.", Limits = limits };
        definition.Tools.AddRange(tools ?? []);
        definition.Permissions.AddRange(permissions ?? []);
        definition.Agents.AddRange(agents ?? []);
        await Agents.CreateAgentAsync(new CreateAgentRequest { Definition = definition });
        return name;
    }

    public async Task ModelAsync(string name, ModelDefinition definition)
    {
        await using var scope = await Database.DataSource(DatabaseRoles.Orchestration).BeginTenantAsync("default");
        await using var command = new NpgsqlCommand(
            "INSERT INTO orchestration.models (tenant, name, definition, updated_at) VALUES ('default', $1, $2::jsonb, now())", scope.Connection, scope.Transaction)
        {
            Parameters = { new() { Value = name }, new() { Value = definition.ToJson() } },
        };
        await command.ExecuteNonQueryAsync();
        await scope.CommitAsync();
    }

    public async Task<Run> StartAsync(string agent, string input, string session = "", string request = "") =>
        (await Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = input, SessionId = session, RequestId = request })).Run;

    public async Task<Run> GetAsync(string run) => (await Runs.GetRunAsync(new GetRunRequest { Id = run })).Run;

    /// <summary>Waits until the run has a status.</summary>
    public async Task<Run> UntilAsync(string run, params RunStatus[] statuses)
    {
        Run? last = null;
        await Eventually.HoldsAsync(
            async () => Array.IndexOf(statuses, (last = await GetAsync(run)).Status) >= 0, () => $"run {run} to be {string.Join(" or ", statuses)}; it is {last}");
        return last!;
    }

    public async Task<List<Entry>> EntriesAsync(string run) =>
        [.. (await Runs.ListEntriesAsync(new ListEntriesRequest { RunId = run, Limit = 1_000 })).Entries];

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Engine.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _port.Dispose();
    }
}
