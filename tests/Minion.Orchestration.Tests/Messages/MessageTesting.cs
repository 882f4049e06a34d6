using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Tools;
using MessageClient = Minion.Contracts.Orchestration.V1.MessageService.MessageServiceClient;

namespace Minion.Orchestration.Tests.Messages;

/// <summary>Two agents who are sent messages, with short pauses.</summary>
public abstract class MessageTesting(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    protected const string Echo = """{ "rules": [ { "match": "^(?<all>[\\s\\S]*)$", "say": "{{all}}" } ] }""";

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Messages:Backoff"] = "00:00:00.010",
        ["Messages:MaxAttempts"] = "3",
        ["Messages:Sweep"] = "00:00:00.200",
    };

    private protected EngineHost Host { get; private set; } = null!;

    protected MessageClient Messages { get; private set; } = null!;

    protected string Agent { get; private set; } = null!;

    protected string Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await StartAsync();
        Messages = new MessageClient(Host.Channel);
        Agent = await Host.AgentAsync(Echo);
        Other = await Host.AgentAsync(Echo);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Another process on the same database.</summary>
    private protected Task<EngineHost> StartAsync(params ITool[] tools) => EngineHost.StartAsync(fixture.Database, Settings, tools);

    protected async Task<long> CountAsync(string message)
    {
        await using var command = Host.Engine.CreateCommand("SELECT count(*) FROM orchestration.messages WHERE id = $1");
        command.Parameters.Add(new() { Value = Guid.Parse(message) });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>As if the time of its lease, and of the pause after it, were over.</summary>
    protected async Task LapseAsync(Delivery delivery)
    {
        await Host.ExecuteAsync("UPDATE orchestration.deliveries SET leased_until = now() - interval '1 second' WHERE id = $1", Guid.Parse(delivery.Id));
        await Host.ExecuteAsync("UPDATE orchestration.lanes SET ready_at = now() WHERE receiver = $1 AND sender = $2", delivery.Receiver, delivery.Message.Sender);
    }

    protected async Task<SendResponse> SendAsync(string to, string payload, Action<SendRequest>? change = null)
    {
        var request = new SendRequest { To = to, Payload = payload, Performative = Performative.Inform };
        change?.Invoke(request);
        return await Messages.SendAsync(request);
    }

    protected async Task<IList<Delivery>> ReceiveAsync(string agent, int limit = 1, int wait = 0) => (await Messages.ReceiveAsync(
        new ReceiveRequest { Receiver = $"agent:{agent}", Limit = limit, Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(wait)), Lease = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)) })).Deliveries;

    protected async Task<List<Delivery>> ReceiveAllAsync(string agent)
    {
        var all = new List<Delivery>();
        while (await ReceiveAsync(agent, 100) is { Count: > 0 } some)
        {
            foreach (var delivery in some)
            {
                all.Add(delivery);
                await AcknowledgeAsync(delivery);
            }
        }

        return all;
    }

    protected async Task<AcknowledgeResponse> AcknowledgeAsync(Delivery delivery) =>
        await Messages.AcknowledgeAsync(new AcknowledgeRequest { DeliveryId = delivery.Id, LeaseId = delivery.LeaseId });

    protected async Task<List<DeadLetter>> DeadAsync(string? receiver = null) =>
        [.. (await Messages.ListDeadLettersAsync(new ListDeadLettersRequest { Receiver = receiver ?? $"agent:{Agent}" })).DeadLetters];

    protected async Task<List<Run>> RunsAsync() => [.. (await Host.Runs.ListRunsAsync(new ListRunsRequest { Agent = Agent, PageSize = 200 })).Runs];

    protected static async Task<FaultDetails> DetailsAsync<T>(Task<T> call) => FaultDetails.From(await Should.ThrowAsync<RpcException>(call));
}
