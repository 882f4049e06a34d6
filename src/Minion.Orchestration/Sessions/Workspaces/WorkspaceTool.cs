using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>What the workspace's tools have in common: the session is the run's own, and what is wrong is told to the model.</summary>
internal abstract class WorkspaceTool(string description, string schema, ToolEffect effect) : IEffectTool
{
    private readonly JsonElement _schema = JsonDocument.Parse(schema).RootElement;

    public abstract string Name { get; }

    public ToolDescription Describe(AgentDefinition agent) => new(Name, "1", description, _schema, effect);

    public async Task<CallReturned> CallAsync(EngineCall call, CancellationToken ct)
    {
        if ((call.Run.SessionId ?? call.Run.Overrides?.Session) is not { } session)
        {
            return Failed("no_session", "The run belongs to no session, so it has no workspace.", "Go on without it.");
        }

        try
        {
            using var arguments = JsonDocument.Parse(call.Request.Arguments.Length == 0 ? "{}" : call.Request.Arguments);
            return arguments.RootElement.ValueKind == JsonValueKind.Object
                ? new CallReturned(Name, (await CallAsync(call, session, arguments.RootElement, ct)).ToJsonString(), Failure: null)
                : Failed("invalid_arguments", "The arguments are not a JSON object.", "Call it with an object.");
        }
        catch (JsonException error)
        {
            return Failed("invalid_arguments", $"The arguments are not JSON: {error.Message}", "Call it with a JSON object.");
        }
        catch (Fault fault)
        {
            return Failed(fault.Reason.ToLowerInvariant(), fault.Message, fault.Hint);
        }
    }

    protected abstract Task<JsonObject> CallAsync(EngineCall call, Guid session, JsonElement arguments, CancellationToken ct);

    /// <summary>A text; empty when it is absent.</summary>
    protected static string Text(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>The same etag for every attempt of a call.</summary>
    protected static Guid EtagOf(EngineCall call) => new(SHA256.HashData(Encoding.UTF8.GetBytes("workspace " + call.Key)).AsSpan(0, 16));

    private CallReturned Failed(string kind, string message, string hint) => new(Name, Result: null, new CallFailure(kind, message, hint));
}
