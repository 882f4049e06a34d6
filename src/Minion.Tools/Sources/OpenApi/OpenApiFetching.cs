using System.Net.Http;
using System.Text;
using Minion.Tools.Network;
using Minion.Tools.Sources.Http;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>Gets the text of a description from where the settings say.</summary>
internal sealed class OpenApiFetching(AddressGuard guard, SourceFiles files)
{
    private const int MostRedirects = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <exception cref="ToolSourceException">It cannot be had.</exception>
    public async Task<string> ReadAsync(OpenApiSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Document.Length > 0)
        {
            return settings.Document;
        }

        return settings.Url is { } url
            ? await FetchAsync(url, cancellationToken)
            : Encoding.UTF8.GetString(await files.ReadAsync(settings.File, OpenApiText.Limit, cancellationToken));
    }

    private async Task<string> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        using var client = new SafeHttpClient(guard.Permitting(HostPattern.Of(url)));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Longest);
        try
        {
            for (var redirects = 0; redirects <= MostRedirects; redirects++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.TryAddWithoutValidation("User-Agent", "minion");
                request.Headers.TryAddWithoutValidation("Accept", "application/json, application/yaml, text/yaml, */*;q=0.5");
                using var response = await client.SendAsync(request, late.Token);
                var answer = await HttpAnswer.ReadAsync(response, url, OpenApiText.Limit, late.Token);
                if (answer.Redirection is { } target && Urls.Check(target) is null)
                {
                    url = target;
                    continue;
                }

                return answer switch
                {
                    { Status: not 200 } => throw new ToolSourceException($"'{url}' answered with status {answer.Status} instead of an OpenAPI description."),
                    { Truncated: true } => throw new ToolSourceException($"The OpenAPI description at '{url}' has more than {OpenApiText.Limit} bytes."),
                    _ => answer.Text ?? throw new ToolSourceException($"What '{url}' gives is no text."),
                };
            }

            throw new ToolSourceException($"There are more than {MostRedirects} redirects, the last one to '{url}'.");
        }
        catch (HttpRequestException exception)
        {
            throw new ToolSourceException($"The OpenAPI description cannot be fetched: {HttpFailures.Of(exception, url).Message}", exception);
        }
        catch (Exception exception) when (exception is IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ToolSourceException($"'{url}' gave no whole OpenAPI description in time.", exception);
        }
    }
}
