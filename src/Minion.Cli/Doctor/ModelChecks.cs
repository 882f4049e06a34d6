using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Minion.Cli.Output;

namespace Minion.Cli.Doctor;

/// <summary>The two settings that put a real model behind the name "default", and the key where the endpoint wants one.</summary>
internal static class ModelChecks
{
    public const string UrlSetting = "MINION_MODEL_URL";
    public const string ModelSetting = "MINION_MODEL";
    public const string KeySetting = "MINION_MODEL_API_KEY";

    public const string HowTo = """
        A real model, by two settings in the environment that ./minion up is started in (any OpenAI-compatible endpoint):
          Ollama    MINION_MODEL_URL=http://localhost:11434/v1         MINION_MODEL=qwen3:8b  (ollama pull qwen3:8b; no key)
          OpenAI    MINION_MODEL_URL=https://api.openai.com/v1         MINION_MODEL=gpt-5-mini             + MINION_MODEL_API_KEY
          Groq      MINION_MODEL_URL=https://api.groq.com/openai/v1    MINION_MODEL=llama-3.3-70b-versatile + MINION_MODEL_API_KEY
          Mistral   MINION_MODEL_URL=https://api.mistral.ai/v1         MINION_MODEL=mistral-small-latest   + MINION_MODEL_API_KEY
        They take the place of whatever the cluster files declare as the model "default". Without them the agents of the examples
        answer from the built-in scripted model.
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Finding> CheckAsync(Terminal terminal, CancellationToken cancellation)
    {
        const string Check = "model";
        var url = terminal.Environment(UrlSetting)?.Trim();
        var model = terminal.Environment(ModelSetting)?.Trim();
        if (string.IsNullOrEmpty(url) && string.IsNullOrEmpty(model))
        {
            return Finding.Note(Check, "scripted: no real model is set", $"Set {UrlSetting} and {ModelSetting} (below), then start the server again.");
        }

        if (string.IsNullOrEmpty(url) || string.IsNullOrEmpty(model))
        {
            var (has, lacks) = string.IsNullOrEmpty(url) ? (ModelSetting, UrlSetting) : (UrlSetting, ModelSetting);
            return Finding.Broken(Check, $"{has} is set, {lacks} is not", $"Set both, or neither to use the scripted model.");
        }

        if (!Uri.TryCreate(url.TrimEnd('/') + "/models", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return Finding.Broken(Check, $"{UrlSetting} is not an address: {url}", "It looks like http://localhost:11434/v1.");
        }

        using var client = new HttpClient { Timeout = Patience };
        return await AskAsync(client, address, model, terminal.Environment(KeySetting), cancellation);
    }

    internal static async Task<Finding> AskAsync(HttpClient client, Uri address, string model, string? key, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (!string.IsNullOrEmpty(key))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }

            using var response = await client.SendAsync(request, cancellation);
            return Judge(address, model, response.StatusCode, await response.Content.ReadAsStringAsync(cancellation), hasKey: !string.IsNullOrEmpty(key));
        }
        catch (HttpRequestException exception)
        {
            return Finding.Broken("model", $"nothing answers at {address}: {exception.Message}", address.IsLoopback
                ? $"Start the model server there (ollama serve), or correct {UrlSetting}."
                : $"Check {UrlSetting} and the network (a proxy, a firewall).");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Broken("model", $"{address} does not answer within {client.Timeout.TotalSeconds:0} s", $"Check {UrlSetting} and the network.");
        }
    }

    internal static Finding Judge(Uri address, string model, HttpStatusCode status, string body, bool hasKey) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Finding.Broken(
            "model", $"{address} refuses the key ({(int)status})", hasKey ? $"{KeySetting} is wrong or has expired." : $"Set {KeySetting} to your key."),
        HttpStatusCode.NotFound => Finding.Broken(
            "model", $"{address} is not there (404)", $"{UrlSetting} usually ends in /v1: the address of which /chat/completions is a part."),
        HttpStatusCode.OK => Listed(address, model, body),
        _ => Finding.Broken("model", $"{address} answers {(int)status}: {Phrases.Short(body, 120)}", "Try again later, or ask the endpoint's provider."),
    };

    private static Finding Listed(Uri address, string model, string body)
    {
        if (Names(body) is not { } names)
        {
            return Finding.Broken("model", $"{address} does not answer like an OpenAI-compatible endpoint", $"{UrlSetting} usually ends in /v1; a web page's address is not one.");
        }

        if (names.Contains(model, StringComparer.Ordinal))
        {
            return Finding.Good("model", $"{model} at {address.Host}");
        }

        var close = names.Where(n => n.StartsWith(model.Split(':', '-')[0], StringComparison.OrdinalIgnoreCase)).DefaultIfEmpty(names.FirstOrDefault() ?? "").Take(5);
        return Finding.Broken(
            "model",
            $"{address.Host} does not have {model}",
            names.Count == 0
                ? $"It has no model yet; for Ollama: ollama pull {model}."
                : $"It has {names.Count}, for example {string.Join(", ", close)}. Correct {ModelSetting}; for Ollama: ollama pull {model}.");
    }

    private static List<string>? Names(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Array
                ? [.. data.EnumerateArray().Select(m => m.TryGetProperty("id", out var id) ? id.GetString() ?? "" : "")]
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
