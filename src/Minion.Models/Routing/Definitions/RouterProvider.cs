using Microsoft.Extensions.AI;

namespace Minion.Models.Routing;

/// <summary>No way to a model of its own: a choice among others. The stage <see cref="Router"/> replaces it before a provider is asked.</summary>
internal sealed class RouterProvider : IModelProvider
{
    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition)
    {
        foreach (var (path, given) in new[] { ("model", definition.Model), ("url", definition.Url), ("api_key_variable", definition.ApiKeyVariable), ("tier", definition.Tier) })
        {
            if (given is not null)
            {
                yield return (path, "is for a model, not for a router; remove it.");
            }
        }

        if (definition.Script is not null)
        {
            yield return ("script", "is only for the provider scripted; remove it.");
        }

        if (definition.Failover is not null)
        {
            yield return ("failover", "is for a model, not for a router: its candidates take each other's place; remove it.");
        }

        if (definition.Route?.Candidates?.Contains(definition.Name) == true)
        {
            yield return ("candidates", "must not name the router itself.");
        }

        foreach (var error in RouteValidation.Check(definition.Route ?? new RouteDefinition()))
        {
            yield return error;
        }
    }

    public IChatClient Create(ModelDefinition definition, ProviderServices services) => throw new ModelException(
        ModelErrorKind.InvalidRequest, $"The router '{definition.Name}' stands where only a model can.", "Name a model that is no router.");
}
