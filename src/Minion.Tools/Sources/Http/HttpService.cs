using System.Net.Http;
using Minion.Tools.Network;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.Http;

/// <summary>The part of the settings that every source over HTTP has.</summary>
/// <param name="Headers">Sent with every request; values may refer to variables.</param>
/// <param name="Authentication">Who sends; usually one way, empty for nobody in particular.</param>
/// <param name="Timeout">For one request; 100 ms to 5 minutes, default 20 s.</param>
/// <param name="MaxBytes">Of an answer, after decompression; 1 KiB to 16 MiB, default 1 MiB. What is beyond is not read.</param>
/// <param name="IdempotencyHeader">The header in which the API takes a key that makes the same call again the same; empty when it takes none.</param>
internal sealed record HttpServiceSettings(
    IReadOnlyList<KeyValuePair<string, string>> Headers, IReadOnlyList<HttpAuthentication> Authentication, TimeSpan Timeout, int MaxBytes, string IdempotencyHeader)
{
    public static HttpServiceSettings Read(SettingsReader reader, IReadOnlyList<HttpAuthentication> authentication)
    {
        var read = new HttpServiceSettings(
            reader.Map("headers"),
            authentication,
            reader.Time("timeout", TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            reader.Number("max_bytes", 1024 * 1024, 1024, 16 * 1024 * 1024),
            reader.Text("idempotency_header", longest: 100));
        foreach (var name in read.Headers.Select(header => header.Key))
        {
            reader.Check(HttpNames.IsToken(name) && !HttpNames.IsReserved(name), $"headers/{Schemas.JsonPointer.Escape(name)}", "is no header that can be set.");
        }

        reader.Check(
            read.IdempotencyHeader.Length == 0 || (HttpNames.IsToken(read.IdempotencyHeader) && !HttpNames.IsReserved(read.IdempotencyHeader)),
            "idempotency_header",
            "must name a header, for example Idempotency-Key.");
        return read;
    }

    /// <summary>The URL of a server, checked.</summary>
    public static Uri? Url(SettingsReader reader, string key, bool required)
    {
        var text = reader.Text(key, required: required);
        if (text.Length == 0)
        {
            return null;
        }

        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
        return reader.Check(isUrl, key, "must be an http or https URL without a user, password or fragment.") ? url : null;
    }
}

/// <summary>Sends a source's requests: through the guard, with its headers, and only to where it was declared to go.</summary>
internal sealed class HttpService(HttpServiceSettings settings, AddressGuard guard, TenantSecrets secrets) : IDisposable
{
    private const int MostRedirects = 5;
    private readonly SafeHttpClient _client = new(guard);

    public HttpServiceSettings Settings => settings;

    /// <summary>Sends it and reads what comes back.</summary>
    /// <exception cref="ToolSourceException">A secret is not there.</exception>
    /// <exception cref="HttpRequestException">It did not work.</exception>
    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, string idempotencyKey, CancellationToken cancellationToken)
    {
        Prepare(request, idempotencyKey);
        var answer = await ExchangeAsync(request, cancellationToken);
        var url = request.RequestUri!;
        for (var redirects = 0; redirects < MostRedirects && answer.Redirection is { } target && request.Method == HttpMethod.Get; redirects++)
        {
            if (Urls.Check(target) is not null)
            {
                return answer;
            }

            using var next = new HttpRequestMessage(HttpMethod.Get, target);
            if (Urls.SameOrigin(url, target))
            {
                Prepare(next, idempotencyKey);
            }

            answer = await ExchangeAsync(next, cancellationToken);
        }

        return answer;
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpAnswer> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(request, cancellationToken);
        return await HttpAnswer.ReadAsync(response, request.RequestUri!, settings.MaxBytes, cancellationToken);
    }

    private void Prepare(HttpRequestMessage request, string idempotencyKey)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", "minion");
        if (!request.Headers.Contains("Accept"))
        {
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/*;q=0.9, */*;q=0.5");
        }

        foreach (var (name, value) in settings.Headers)
        {
            if (!HttpRequests.TryAddHeader(request, name, secrets.Resolve(value)))
            {
                throw new ToolSourceException($"The header '{name}' has characters that cannot be sent.");
            }
        }

        if (settings.IdempotencyHeader.Length > 0 && idempotencyKey.Length > 0)
        {
            HttpRequests.TryAddHeader(request, settings.IdempotencyHeader, idempotencyKey);
        }

        foreach (var way in settings.Authentication)
        {
            way.Apply(request, secrets);
        }
    }
}
