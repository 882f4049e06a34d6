using System.Collections.Concurrent;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.OpenAi.Models;

/// <summary>The models that cluster files declare, from the orchestration; what was found is remembered for a moment.</summary>
internal sealed class DeclaredModels(ModelService.ModelServiceClient client, CallerSigner signer, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string Tenant, string Name), (ModelDefinition? Definition, long At)> _found = new();

    /// <summary>How the model is reached; null when the tenant has none of that name.</summary>
    public async ValueTask<ModelDefinition?> FindAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        if (_found.TryGetValue((caller.Tenant, name), out var known) && time.GetElapsedTime(known.At) < Memory)
        {
            return known.Definition;
        }

        var definition = await AskAsync(caller, name, cancellationToken);
        if (_found.Count >= MostRemembered)
        {
            _found.Clear();
        }

        _found[(caller.Tenant, name)] = (definition, time.GetTimestamp());
        return definition;
    }

    public async Task<IReadOnlyList<Model>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        (await client.ListModelsAsync(new ListModelsRequest(), Call(caller, cancellationToken))).Models;

    private async Task<ModelDefinition?> AskAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.GetModelAsync(new GetModelRequest { Name = name }, Call(caller, cancellationToken));
            return ModelDefinition.FromJson(answer.Model.Definition);
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
        {
            return null;
        }
    }

    private CallOptions Call(Caller caller, CancellationToken cancellationToken) =>
        new(signer.Headers(caller, "orchestration"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken);
}
