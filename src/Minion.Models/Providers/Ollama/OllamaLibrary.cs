using System.Runtime.CompilerServices;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>
/// What Ollama has on its disk and can fetch to it (https://docs.ollama.com/api/tags, https://docs.ollama.com/api/pull). Every failure is a
/// <see cref="ModelException"/> that says where Ollama was looked for.
/// </summary>
internal sealed class OllamaLibrary(ProviderServices services)
{
    /// <summary>How long a list may take.</summary>
    public static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The longest silence in a pull: Ollama says nothing while it verifies a large model.</summary>
    public static readonly TimeSpan PullSilence = TimeSpan.FromMinutes(15);

    // Sixteen lines a second, for days.
    private const long MostMegabytesOfProgress = 4096;

    /// <summary>The models, in Ollama's order, and where it was asked.</summary>
    public async Task<(string Address, IReadOnlyList<LocalModel> Models)> ListAsync(CancellationToken cancellationToken)
    {
        var place = OllamaPlace.Find(services);
        using var patience = new Patience(ListTimeout, services.Time, cancellationToken);
        try
        {
            var request = new HttpRequestMessage(HttpMethod.Get, place.Below("/api/tags"));
            using var exchange = await HttpExchange.SendAsync(place.Endpoint, Authorization.Bearer(request, place.Endpoint), patience.Token);
            using var document = await WholeBody.ParseAsync(place.Endpoint, exchange.Body, patience.Token);
            return (place.Address, OllamaTags.Read(place.Endpoint, document.RootElement));
        }
        catch (Exception error)
        {
            if (place.ExplainReaching(error, patience) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    /// <summary>Makes Ollama fetch a model, until it is there. Leaving the enumeration stops Ollama.</summary>
    public async IAsyncEnumerable<PullProgress> PullAsync(string model, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = OllamaPlace.Find(services, MostMegabytesOfProgress);
        using var patience = new Patience(PullSilence, services.Time, cancellationToken);
        using var exchange = await SendAsync();
        var lines = OllamaPull.ReadAsync(place.Endpoint, model, exchange.Body, patience.Token);
        await using var steps = lines.GetAsyncEnumerator(patience.Token);
        while (await NextAsync())
        {
            yield return steps.Current;
        }

        async Task<HttpExchange> SendAsync()
        {
            try
            {
                var request = JsonRequest.Post(place.Below("/api/pull"), model, static (writer, name) =>
                {
                    writer.WriteString("model", name);
                    writer.WriteBoolean("stream", true);
                });
                return await HttpExchange.SendAsync(place.Endpoint, Authorization.Bearer(request, place.Endpoint), patience.Token);
            }
            catch (Exception error)
            {
                if (place.ExplainReaching(error, patience) is { } explained)
                {
                    throw explained;
                }

                throw;
            }
        }

        async ValueTask<bool> NextAsync()
        {
            patience.Renew();
            try
            {
                return await steps.MoveNextAsync();
            }
            catch (Exception error)
            {
                if (place.Explain(error, patience) is { } explained)
                {
                    throw explained;
                }

                throw;
            }
            finally
            {
                patience.Pause();
            }
        }
    }
}
