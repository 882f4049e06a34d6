using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Models.V1;
using Minion.Models.Providers.Ollama;
using Minion.ServiceDefaults.Callers;

namespace Minion.Models.Api;

/// <summary>The catalog and Ollama's own models over gRPC.</summary>
internal sealed class ModelService(ModelCatalog catalog, OllamaLibrary ollama) : Minion.Contracts.Models.V1.ModelService.ModelServiceBase
{
    private const string Pull = "models:pull";

    public override Task<ListCatalogModelsResponse> ListCatalogModels(ListCatalogModelsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        Check(request.Provider, CatalogProviders.Names, "provider", violations);
        Check(request.Tier, ModelTiers.Names, "tier", violations);
        foreach (var (i, capability) in request.Capabilities.Index().Take(ModelCapabilities.Names.Count + 1))
        {
            Check(capability, ModelCapabilities.Names, $"capabilities[{i}]", violations);
        }

        violations.ThrowIfAny();
        var snapshot = catalog.Current;
        var found = snapshot.All.Where(m =>
            (request.Provider.Length == 0 || m.Provider == request.Provider)
            && (request.Tier.Length == 0 || m.Tier?.Name() == request.Tier)
            && request.Capabilities.All(m.Can));
        return Task.FromResult(new ListCatalogModelsResponse { Models = { found.Select(ToWire) }, PricesAsOf = Numbers.Text(snapshot.AsOf) });
    }

    public override async Task<ListLocalModelsResponse> ListLocalModels(ListLocalModelsRequest request, ServerCallContext context)
    {
        try
        {
            var (address, models) = await ollama.ListAsync(context.CancellationToken);
            return new ListLocalModelsResponse { Models = { models.Select(LocalModels.ToWire) }, Address = address };
        }
        catch (ModelException error)
        {
            throw OllamaFaults.From(error);
        }
    }

    public override async Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context)
    {
        var caller = context.GetCaller();
        if (!caller.May(Pull))
        {
            throw new Fault(
                StatusCode.PermissionDenied, "PERMISSION_DENIED", $"'{caller.Principal}' may not pull models: that needs the permission '{Pull}'.", "Ask an administrator.");
        }

        var name = OllamaName.Read(request.Name, "name");
        try
        {
            await foreach (var progress in ollama.PullAsync(name, context.CancellationToken))
            {
                await responseStream.WriteAsync(LocalModels.ToWire(progress), context.CancellationToken);
            }
        }
        catch (ModelException error)
        {
            throw OllamaFaults.From(error);
        }
    }

    private static void Check(string given, IReadOnlyList<string> allowed, string field, Violations violations) => violations.Check(
        given.Length == 0 || allowed.Contains(given), field,
        $"'{Texts.Shorten(given)}' is none{Texts.Nearest(given, allowed)}; allowed: {string.Join(", ", allowed)}.");

    private static Contracts.Models.V1.CatalogModel ToWire(CatalogModel model) => new()
    {
        Name = model.Name,
        ContextWindow = model.ContextWindow,
        MaxOutput = model.MaxOutput,
        Tier = model.Tier?.Name() ?? "",
        Capabilities = { model.Capabilities.Order() },
        Failover = { model.Failover },
        Price = new Price
        {
            Input = Numbers.Text(model.Price.Input),
            CachedInput = Numbers.Text(model.Price.CachedInput),
            CacheWrite = Numbers.Text(model.Price.CacheWrite),
            Output = Numbers.Text(model.Price.Output),
            Reasoning = Numbers.Text(model.Price.Reasoning),
        },
    };
}
