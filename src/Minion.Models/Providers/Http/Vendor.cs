namespace Minion.Models.Providers.Http;

/// <summary>Where a provider is and what it asks for, unless a definition says otherwise.</summary>
/// <param name="Name">The provider's name.</param>
/// <param name="DefaultUrl">Its base address; null when every definition must give one.</param>
/// <param name="NeedsKey">Whether it answers nobody without a key.</param>
/// <param name="ExampleModel">A model's name, for messages.</param>
internal sealed record Vendor(string Name, string? DefaultUrl, bool NeedsKey, string ExampleModel)
{
    /// <summary>The environment variable that takes the place of <see cref="DefaultUrl"/>.</summary>
    public string UrlVariable { get; } = $"{Variable(Name)}_BASE_URL";

    /// <summary>The environment variable with the key, when the definition names none.</summary>
    public string KeyVariable { get; } = $"{Variable(Name)}_API_KEY";

    /// <summary>
    /// The definition with its address and the variable of its key. The provider's own key goes only to the provider's own address (or to
    /// what the server's environment names instead): whoever may write a url must not be sent a key that is not theirs.
    /// </summary>
    /// <exception cref="ModelException">The variable with the address holds none.</exception>
    public ModelDefinition Complete(ModelDefinition definition, Func<string, string?> variable)
    {
        if (definition.Url is not null || DefaultUrl is null)
        {
            return definition;
        }

        var url = variable(UrlVariable) is { Length: > 0 } given ? given.Trim() : DefaultUrl;
        if (Addresses.Check(url) is { } problem)
        {
            throw new ModelException(ModelErrorKind.InvalidRequest, $"The variable {UrlVariable} {problem}", $"Correct {UrlVariable} where the server runs, or remove it.");
        }

        var hasKey = NeedsKey || !string.IsNullOrWhiteSpace(variable(KeyVariable));
        return definition with { Url = url, ApiKeyVariable = definition.ApiKeyVariable ?? (hasKey ? KeyVariable : null) };
    }

    /// <summary>What is wrong with a definition of this provider.</summary>
    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition)
    {
        if (definition.Script is not null)
        {
            yield return ("script", "is only for the provider scripted; remove it.");
        }

        if (string.IsNullOrWhiteSpace(definition.Model))
        {
            yield return ("model", $"is missing: the model's name at its endpoint, for example {ExampleModel}.");
        }

        if (string.IsNullOrWhiteSpace(definition.Url))
        {
            if (DefaultUrl is null)
            {
                yield return ("url", "is missing: the endpoint's base address, for example http://localhost:11434/v1.");
            }
        }
        else if (Addresses.Check(definition.Url) is { } message)
        {
            yield return ("url", message);
        }

        if (definition.ApiKeyVariable is { } key && DefinitionValidation.CheckKeyVariable(key) is { } problem)
        {
            yield return ("api_key", problem);
        }
    }

    private static string Variable(string name) => name.ToUpperInvariant().Replace('-', '_');
}
