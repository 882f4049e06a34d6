using Minion.Models.Resilience;

namespace Minion.Models.Routing;

/// <summary>Finds the models that may answer: of the catalog, of the tenant, and the server's own.</summary>
internal sealed class CandidateList(ModelCatalog catalog, ModelOverride given, Upstreams upstreams, ProviderServices services)
{
    /// <summary>Those of the names, or all; with what was left out, and why.</summary>
    /// <param name="names">The names; null for all of the catalog.</param>
    /// <param name="call">Who asks.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<(List<Candidate> Found, List<string> LeftOut)> FindAsync(
        IReadOnlyList<string>? names, ModelCall call, CancellationToken cancellationToken)
    {
        var models = catalog.Current;
        var (found, leftOut) = (new List<Candidate>(), new List<string>());
        if (names is null)
        {
            if (given.Definition is { } own)
            {
                Take(own.Name, own);
            }

            foreach (var model in models.All.Where(m => m.Tier is not null))
            {
                Take(model.Name, model.ToDefinition());
            }

            return (found, leftOut);
        }

        foreach (var name in names)
        {
            var definition = models.Find(name)?.ToDefinition()
                ?? (call.FindModel is null ? null : await call.FindModel(name, cancellationToken))
                ?? (name == ModelDefinition.DefaultName ? given.Definition : null);
            if (definition is null)
            {
                leftOut.Add($"{name}: there is no such model");
            }
            else
            {
                Take(name, definition);
            }
        }

        return (found, leftOut);

        void Take(string name, ModelDefinition definition)
        {
            if (Unreachable(definition) is { } why)
            {
                leftOut.Add($"{name}: {why}");
            }
            else
            {
                found.Add(Make(name, definition, call));
            }
        }
    }

    /// <summary>One that is taken as it is.</summary>
    public Candidate Make(string name, ModelDefinition definition, ModelCall call)
    {
        var known = catalog.Current.Find($"{definition.Provider}/{definition.Model}") ?? catalog.Current.Find(name);
        var circuit = upstreams.Of(definition, call.Caller.Tenant);
        return new Candidate(
            name,
            definition with { ContextWindow = definition.ContextWindow ?? known?.ContextWindow, Price = definition.Price ?? known?.Price },
            (definition.Tier is { } tier ? ModelTiers.Find(tier) : null) ?? known?.Tier ?? ModelTier.Moderate,
            known?.Capabilities,
            new CandidateHealth(circuit.IsPoor, circuit.Health.FirstPart));
    }

    private string? Unreachable(ModelDefinition definition)
    {
        if (definition.Provider == ModelProviders.Router || ModelProviders.Find(definition.Provider) is null)
        {
            return definition.Provider == ModelProviders.Router ? "it is a router itself" : $"this server has no provider '{definition.Provider}'";
        }

        return definition.ApiKeyVariable is { } key && string.IsNullOrWhiteSpace(services.Variable(key)) ? $"{key} is not set" : null;
    }
}
