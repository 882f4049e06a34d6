using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Healthy when the endpoint answers with the wanted status.</summary>
internal sealed class EndpointHealthCheck(EndpointReference endpoint, string path, int wanted, IHttpClientFactory clients) : IHealthCheck
{
    private const int MostText = 300;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var url = new Uri(new Uri(endpoint.Url), path);
        try
        {
            using var client = clients.CreateClient(nameof(EndpointHealthCheck));
            using var answer = await client.GetAsync(url, cancellationToken);
            if ((int)answer.StatusCode == wanted)
            {
                return HealthCheckResult.Healthy();
            }

            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return HealthCheckResult.Unhealthy($"{url} answers {(int)answer.StatusCode}: {(text.Length > MostText ? text[..MostText] : text)}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"{url} does not answer: {e.Message}", e);
        }
    }
}
