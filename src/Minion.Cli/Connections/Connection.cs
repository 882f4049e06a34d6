using Grpc.Core;
using Grpc.Net.Client;
using Minion.Contracts.Models.V1;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Connections;

/// <summary>The way to one server, with a client for each of its services.</summary>
internal sealed class Connection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;
    private readonly Metadata _headers = [];
    private readonly TimeProvider _time;

    public Connection(Uri address, string? apiKey, TimeProvider time)
    {
        Address = address.GetLeftPart(UriPartial.Authority);
        _time = time;
        if (!string.IsNullOrEmpty(apiKey))
        {
            _headers.Add("authorization", "Bearer " + apiKey);
        }

        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = 64 * 1024 * 1024,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(5),
                KeepAlivePingDelay = TimeSpan.FromSeconds(15),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                UseProxy = false,
            },
            DisposeHttpClient = true,
        });
    }

    /// <summary>Where the server is, as people write it.</summary>
    public string Address { get; }

    public AgentService.AgentServiceClient Agents => new(_channel);

    public ClusterService.ClusterServiceClient Clusters => new(_channel);

    public SessionService.SessionServiceClient Sessions => new(_channel);

    public WorkspaceService.WorkspaceServiceClient Workspaces => new(_channel);

    public RunService.RunServiceClient Runs => new(_channel);

    public HistoryService.HistoryServiceClient History => new(_channel);

    public InboxService.InboxServiceClient Inbox => new(_channel);

    public ScheduleService.ScheduleServiceClient Schedules => new(_channel);

    public MessageService.MessageServiceClient Messages => new(_channel);

    public CoordinationService.CoordinationServiceClient Coordination => new(_channel);

    public StatusService.StatusServiceClient Status => new(_channel);

    public ToolService.ToolServiceClient Tools => new(_channel);

    public ContextService.ContextServiceClient Context => new(_channel);

    public RegistryService.RegistryServiceClient ToolRegistry => new(_channel);

    public CostService.CostServiceClient Costs => new(_channel);

    public BudgetService.BudgetServiceClient Budgets => new(_channel);

    public Contracts.Models.V1.ModelService.ModelServiceClient Catalog => new(_channel);

    /// <summary>Options of a call that has one answer.</summary>
    public CallOptions Call(CancellationToken cancellation, TimeSpan? patience = null) =>
        new(_headers, _time.GetUtcNow().UtcDateTime + (patience ?? Patience), cancellation);

    /// <summary>Options of a stream, which has no deadline; pings notice a server that is gone.</summary>
    public CallOptions Stream(CancellationToken cancellation) => new(_headers, deadline: null, cancellation);

    public void Dispose() => _channel.Dispose();
}
