using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>Where the server looks for Ollama, and why there.</summary>
internal sealed class OllamaPlace
{
    private readonly bool _isGiven;

    private OllamaPlace(ModelDefinition definition, ProviderServices services, long mostMegabytes)
    {
        Address = definition.Url!;
        _isGiven = services.Variable(OllamaProvider.Vendor.UrlVariable) is { Length: > 0 };
        Endpoint = new Endpoint(definition, services, OllamaErrors.Judge) { Subject = $"Ollama at {Address}", MostMegabytes = mostMegabytes };
    }

    public string Address { get; }

    public Endpoint Endpoint { get; }

    private string Origin => _isGiven
        ? $"The address is that of {OllamaProvider.Vendor.UrlVariable} where the server runs."
        : $"{OllamaProvider.Vendor.UrlVariable} is not set where the server runs, so this is Ollama's usual address: start Ollama there (ollama serve), or set the variable and start the server again.";

    /// <summary>From the server's environment.</summary>
    /// <exception cref="ModelException">OLLAMA_BASE_URL holds no address, or OLLAMA_API_KEY no key.</exception>
    public static OllamaPlace Find(ProviderServices services, long mostMegabytes = 64)
    {
        var definition = new ModelDefinition { Name = ModelProviders.Ollama, Provider = ModelProviders.Ollama, Model = ModelProviders.Ollama };
        return new OllamaPlace(OllamaProvider.Vendor.Complete(definition, services.Variable), services, mostMegabytes);
    }

    public Uri Below(string path) => Addresses.Below(Address, path);

    /// <summary>What a failure on the way to Ollama means, with why it was looked for there; null when it means itself.</summary>
    public Exception? ExplainReaching(Exception error, Patience patience) => (Explain(error, patience) ?? error) switch
    {
        ModelException { Kind: ModelErrorKind.WrongEndpoint } wrong => With(wrong, $"The address is Ollama's alone, without /v1 or /api. {Origin}"),
        ModelException { Kind: ModelErrorKind.Unavailable or ModelErrorKind.TimedOut } away => With(away, $"{away.Hint} {Origin}"),
        var other => other == error ? null : other,
    };

    /// <summary>What a failure means; null when it means itself.</summary>
    public Exception? Explain(Exception error, Patience patience) => error is not ModelException && patience.IsOver
        ? new ModelException(ModelErrorKind.TimedOut, $"{Endpoint.Subject} said nothing for {patience.Limit.TotalSeconds:0.###} s.", "Look at Ollama's log, and try again.")
        : Failures.Explain(Endpoint, error, patience.Token);

    private static ModelException With(ModelException error, string hint) => new(error.Kind, error.Message, hint, error.RetryAfter, error);
}
