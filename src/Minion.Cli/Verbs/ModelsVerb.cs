using System.CommandLine;
using Minion.Cli.Models;
using Minion.Cli.Output;
using Minion.Contracts.Models.V1;

namespace Minion.Cli.Verbs;

/// <summary>Lists models; <c>models pull NAME</c> makes Ollama fetch one.</summary>
internal static class ModelsVerb
{
    public static Command Create(Terminal terminal)
    {
        var provider = new Option<string?>("--provider") { Description = "Only this provider's.", HelpName = "name" };
        var tier = new Option<string?>("--tier") { Description = "Only this tier's: local-small, moderate, complex or expert.", HelpName = "tier" };
        var can = new Option<string[]>("--can") { Description = "Only those that can do this, for example tools or vision; may be repeated.", HelpName = "capability" };
        return new Command("models", "Lists the models that the server knows by name, with their prices in USD for a million tokens, and those that Ollama has.")
        {
            provider, tier, can, ModelsPullVerb.Create(terminal),
        }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListCatalogModelsRequest
                {
                    Provider = invocation.Get(provider) ?? "",
                    Tier = invocation.Get(tier) ?? "",
                    Capabilities = { invocation.Get(can) ?? [] },
                };
                var answer = await connection.Catalog.ListCatalogModelsAsync(request, connection.Call(cancellation));
                var local = request is { Provider: "" or LocalList.Provider, Tier: "", Capabilities.Count: 0 } ? await LocalList.ReadAsync(connection, cancellation) : null;
                if (invocation.Json)
                {
                    var document = JsonOutput.Node(answer);
                    document["local"] = local?.ToJson();
                    terminal.Document(document);
                    return ExitCodes.Ok;
                }

                terminal.Table(["model", "tier", "context", "output", "$ in", "$ cached", "$ out", "can"], answer.Models.Select(Row), "No models.");
                terminal.Dim($"Prices in USD for a million tokens, as of {answer.PricesAsOf}.\n");
                local?.Write(terminal);
                return ExitCodes.Ok;
            });
    }

    private static string[] Row(CatalogModel model) =>
    [
        model.Name, model.Tier, Phrases.Count(model.ContextWindow), Phrases.Count(model.MaxOutput), model.Price.Input, model.Price.CachedInput, model.Price.Output,
        string.Join(" ", model.Capabilities),
    ];
}
