using System.Globalization;

namespace Minion.Models.Providers.Http;

/// <summary>An endpoint in one call, and every way in which it can disappoint: each names the endpoint and the model and says what to do.</summary>
/// <param name="definition">The model, with its address.</param>
/// <param name="services">The host's clock and environment.</param>
/// <param name="judge">What the errors of this provider mean where they differ from what they usually mean.</param>
internal sealed class Endpoint(ModelDefinition definition, ProviderServices services, RejectionJudge? judge = null)
{
    private readonly string? _key = ApiKey.Read(definition, services.Variable);

    /// <summary>The model that is asked.</summary>
    public ModelDefinition Definition => definition;

    /// <summary>The key; null when the endpoint asks for none.</summary>
    public string? Key => _key;

    /// <summary>What messages speak of; the model unless set.</summary>
    public string? Subject { get; init; }

    /// <summary>The most that an answer may have, in MB of 1,024 kB: one without an end must not go on for ever.</summary>
    public long MostMegabytes { get; init; } = 64;

    private string Model => Subject ?? definition.Described();

    private string KeyHint => definition.ApiKeyVariable is { } variable
        ? $"Check the key in the variable {variable} of the server's environment."
        : definition.Name == ModelDefinition.DefaultName
            ? $"Give the model an api_key, or set {ModelOverride.KeyVariable} next to {ModelOverride.UrlVariable}."
            : "Give the model an api_key, for example ${MY_API_KEY}.";

    public ModelException Refused() => new(
        ModelErrorKind.Unavailable, $"{Model} cannot be reached: nothing listens there.", $"Is the model's server running at {definition.Url}? Is the port right?");

    public ModelException NoConnection() => new(
        ModelErrorKind.Unavailable, $"{Model} cannot be reached: no connection within 10 s.", "Is the address right, and is a firewall or a proxy in between?");

    public ModelException UnknownHost() => new(
        ModelErrorKind.WrongEndpoint, $"{Model} cannot be reached: the host's name is unknown.", $"Is the url {definition.Url} spelt right, and does the server's DNS know it?");

    public ModelException NoTls() => new(
        ModelErrorKind.WrongEndpoint, $"{Model} cannot be reached: no secure connection.", "Does the endpoint speak https, and is its certificate valid? A local one often speaks http.");

    public ModelException NoHttp() => new(
        ModelErrorKind.WrongEndpoint, $"{Model}: what answers there does not speak HTTP.", "Is the port right, and http or https?");

    public ModelException BrokeOff(string detail) => new(
        ModelErrorKind.Unavailable, $"{Model} broke off the connection: {ApiKey.Hide(detail, _key)}", "Try again; if it stays so, look at the endpoint's log.");

    public ModelException CutOff(long characters) => new(
        ModelErrorKind.Unavailable,
        $"{Model} stopped in the middle of its answer: {characters} characters came, the end did not.",
        "Try again; if it stays so, look at the endpoint's log.");

    public ModelException Invalid(string what) => new(
        ModelErrorKind.InvalidAnswer, $"{Model} sent an answer that makes no sense: it {ApiKey.Hide(what, _key)}.", "Try again; if it stays so, the endpoint or the model's template is broken.");

    public ModelException Html() => new(
        ModelErrorKind.WrongEndpoint, $"{Model} answered with a web page instead of JSON.", UrlHint);

    public ModelException RefusedByPolicy(string text) => new(
        ModelErrorKind.Refused, $"{Model} refused to answer: {ApiKey.Hide(Texts.Shorten(text, 300), _key)}", "Ask differently, or use another model.");

    /// <summary>An answer with a status that is no success.</summary>
    public ModelException Rejected(int status, Func<string, string?> header, string body)
    {
        var error = ErrorBody.Read(body);
        var (kind, hint) = Judge(status, error);
        var said = error.Message.Length > 0 ? $": {ApiKey.Hide(Texts.Shorten(error.Message, 300), _key)}" : ".";
        var location = status is >= 300 and < 400 ? $" It points to {Texts.Shorten(ApiKey.Hide(header("Location") ?? "nowhere", _key), 200)}." : "";

        // An account without credit is not filled by waiting, whatever the endpoint says.
        var wait = kind == ModelErrorKind.OverBudget ? null : RetryAfter.Read(header, services.Time.GetUtcNow()) ?? error.RetryDelay;
        return new ModelException(kind, $"{Model} answered with status {status}{said}{location}", Hint(kind, hint), wait);
    }

    /// <exception cref="ModelException">The answer has a status that is no success, or is a web page.</exception>
    public async ValueTask ThrowIfRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var body = await Bodies.ReadStartAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            throw Rejected((int)response.StatusCode, name => response.Headers.TryGetValues(name, out var values) ? values.First() : null, body);
        }

        if (response.Content.Headers.ContentType?.MediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw Html();
        }
    }

    /// <summary>An error within a stream that had begun well.</summary>
    public ModelException Failed(ErrorBody error)
    {
        var status = int.TryParse(error.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 500;
        var (kind, hint) = Judge(status, error);
        return new ModelException(kind, $"{Model} failed in the middle of its answer: {ApiKey.Hide(Texts.Shorten(error.Message, 300), _key)}", Hint(kind, hint));
    }

    private (ModelErrorKind Kind, string Hint) Judge(int status, ErrorBody error) => judge?.Invoke(status, error) ?? Rejection.Judge(status, error);

    private string UrlHint => $"Is the url {definition.Url} right? It usually ends in /v1.";

    private string Hint(ModelErrorKind kind, string hint) => kind switch
    {
        ModelErrorKind.BadKey => KeyHint,
        ModelErrorKind.WrongEndpoint => UrlHint,
        _ => hint,
    };
}
