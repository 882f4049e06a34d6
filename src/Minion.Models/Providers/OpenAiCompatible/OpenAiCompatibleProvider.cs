using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Any endpoint that speaks OpenAI's chat completions.</summary>
internal sealed class OpenAiCompatibleProvider : IModelProvider
{
    private readonly Connections _connections = new();

    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition)
    {
        if (definition.Script is not null)
        {
            yield return ("script", "is only for the provider scripted; remove it.");
        }

        if (string.IsNullOrWhiteSpace(definition.Model))
        {
            yield return ("model", "is missing: the model's name at its endpoint, for example qwen3:8b.");
        }

        if (CheckUrl(definition.Url) is { } message)
        {
            yield return ("url", message);
        }

        if (definition.ApiKeyVariable is { } variable && DefinitionValidation.CheckKeyVariable(variable) is { } problem)
        {
            yield return ("api_key", problem);
        }
    }

    public IChatClient Create(ModelDefinition definition, ProviderServices services) => new OpenAiChatClient(definition, services, _connections);

    private static string? CheckUrl(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "is missing: the endpoint's base address, for example http://localhost:11434/v1.";
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            return $"'{Texts.Shorten(text)}' is not an http or https address, for example http://localhost:11434/v1.";
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return "must have no user, query or fragment; a key belongs into api_key.";
        }

        return url.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase)
            ? "is the base address, without /chat/completions."
            : null;
    }
}
