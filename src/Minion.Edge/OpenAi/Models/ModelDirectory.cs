using Minion.Contracts.Callers;
using Minion.Edge.Agents;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;
using Minion.Models;

namespace Minion.Edge.OpenAi.Models;

/// <summary>What a request's <c>model</c> means.</summary>
internal sealed class ModelDirectory(ModelGateway gateway, ModelOverride given, ModelCatalog catalog, DeclaredModels declared, AgentRuns runs)
{
    /// <summary>What agents' names begin with.</summary>
    public const string AgentPrefix = "agent/";

    private const string Hint = "See GET /v1/models: provider/model, auto, a tier, a model that a cluster file declares, or agent/NAME.";

    /// <summary>What answers.</summary>
    /// <exception cref="ApiErrorException">There is no such model.</exception>
    public async ValueTask<IAnswerSource> FindAsync(Caller caller, string name, CancellationToken cancellationToken) =>
        name.StartsWith(AgentPrefix, StringComparison.Ordinal)
            ? new AgentSource(runs, name[AgentPrefix.Length..])
            : new ModelSource(gateway, await FindModelAsync(caller, name, cancellationToken), declared);

    /// <summary>How the model is reached.</summary>
    /// <exception cref="ApiErrorException">There is no such model.</exception>
    public async ValueTask<ModelDefinition> FindModelAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        if (name == ModelDefinition.DefaultName && given.Definition is { } definition)
        {
            return definition;
        }

        return (name.Contains('/', StringComparison.Ordinal)
            ? catalog.Current.Find(name)?.ToDefinition()
            : await declared.FindAsync(caller, name, cancellationToken) ?? Routers.Find(name)) ?? throw new ApiErrorException(ApiError.NoModel(name, Hint));
    }
}
