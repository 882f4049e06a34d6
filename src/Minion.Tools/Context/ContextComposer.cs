using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Kind = Minion.Contracts.Tools.V1.ContextProvider.KindOneofCase;

namespace Minion.Tools.Context;

/// <summary>Asks the providers, and puts together what they tell within a number of tokens.</summary>
internal sealed class ContextComposer(
    RepositoryProvider repositories, DocumentationProvider documents, EnvironmentProvider environment, PreferenceStore preferences,
    ILogger<ContextComposer> log)
{
    private const int ForEachFrame = 16;

    public async Task<GetContextResponse> ComposeAsync(
        IReadOnlyList<ContextProvider> providers, int maxTokens, string query, Caller caller, CancellationToken cancellationToken)
    {
        var told = await Task.WhenAll(providers.Select(provider => AskAsync(provider, query, caller, cancellationToken)));
        var shares = ContextShares.Of([.. told.Select(t => t.Section is null ? 0 : t.Section.Tokens + ForEachFrame)], maxTokens);
        var response = new GetContextResponse();
        var texts = new List<string>();
        for (var i = 0; i < told.Length; i++)
        {
            var (text, tokens, shortened) = told[i].Section?.Render(shares[i] - ForEachFrame) ?? ("", 0, false);
            response.Parts.Add(new ContextPart
            {
                Provider = NameOf(providers[i].KindCase),
                Subject = SubjectOf(providers[i]),
                Tokens = tokens,
                Shortened = shortened,
                Problem = told[i].Problem,
            });
            if (text.Length > 0)
            {
                texts.Add($"<context kind=\"{NameOf(providers[i].KindCase)}\">\n{Harmless(text)}\n</context>");
                response.Tokens += tokens + ForEachFrame;
            }
        }

        response.Text = string.Join('\n', texts);
        return response;
    }

    public static string NameOf(Kind kind) => kind.ToString().ToLowerInvariant();

    private static string SubjectOf(ContextProvider provider) => provider.KindCase switch
    {
        Kind.Repository => provider.Repository.Folder,
        Kind.Documentation => provider.Documentation.Folder,
        _ => "",
    };

    /// <summary>No text of a file ends its own frame.</summary>
    private static string Harmless(string text) => text.Replace("</context", "</ context", StringComparison.OrdinalIgnoreCase);

    private async Task<(ContextSection? Section, string Problem)> AskAsync(ContextProvider provider, string query, Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            var section = provider.KindCase switch
            {
                Kind.Repository => await repositories.TellAsync(provider.Repository, caller.Tenant, query, cancellationToken),
                Kind.Documentation => await documents.TellAsync(provider.Documentation.Folder, caller.Tenant, query, cancellationToken),
                Kind.Environment => environment.Tell(),
                _ => PreferenceStore.Tell(await preferences.ListAsync(caller, cancellationToken)),
            };
            return (section, "");
        }
        catch (ContextUnavailableException unavailable)
        {
            return (null, unavailable.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.ContextProviderFailed(error, NameOf(provider.KindCase));
            return (null, "It failed; the server's log has the error.");
        }
    }
}
