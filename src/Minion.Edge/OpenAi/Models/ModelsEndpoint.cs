using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Minion.Edge.Agents;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Json;
using Minion.Models;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.OpenAi.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{model}</c>.</summary>
internal sealed class ModelsEndpoint(ModelCatalog catalog, ModelOverride given, DeclaredModels declared, AgentList agents)
{
    private const string Minion = "minion";

    public async Task ListAsync(HttpContext context)
    {
        var models = await AllAsync(context);
        context.Response.ContentType = "application/json";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonForm.Writer))
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            models.ForEach(model => Write(writer, model));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public async Task GetAsync(HttpContext context)
    {
        // A catch-all leaves the slash of a name escaped, as clients send it.
        var name = Uri.UnescapeDataString((string)context.Request.RouteValues["model"]!);
        var model = (await AllAsync(context)).Find(m => m.Id == name) ?? throw new ApiErrorException(ApiError.NoModel(name, "See GET /v1/models."));
        context.Response.ContentType = "application/json";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonForm.Writer))
        {
            Write(writer, model);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>What the caller may name: models of the catalog only where their key is there.</summary>
    private async Task<List<ListedModel>> AllAsync(HttpContext context)
    {
        var caller = context.GetCaller();
        var declaredModels = await declared.ListAsync(caller, context.RequestAborted);
        var models = new List<ListedModel>(Routers.Names.Where(name => !declaredModels.Any(m => m.Name == name)).Select(name => new ListedModel(name, 0, Minion)));
        models.AddRange(catalog.Current.All.Where(IsUsable).Select(m => new ListedModel(m.Name, 0, m.Provider)));
        if (given.Definition is { } definition && !declaredModels.Any(m => m.Name == definition.Name))
        {
            models.Add(new ListedModel(definition.Name, 0, definition.Provider));
        }

        models.AddRange(declaredModels.Select(m => new ListedModel(m.Name, 0, m.Provider)));
        models.AddRange(await agents.ListAsync(caller, context.RequestAborted));
        return models;
    }

    private static bool IsUsable(CatalogModel model) =>
        model.ToDefinition().ApiKeyVariable is not { } variable || !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable));

    private static void Write(Utf8JsonWriter writer, ListedModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("id", model.Id);
        writer.WriteString("object", "model");
        writer.WriteNumber("created", model.Created);
        writer.WriteString("owned_by", model.OwnedBy);
        writer.WriteEndObject();
    }
}
