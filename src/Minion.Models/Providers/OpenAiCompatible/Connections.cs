using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>
/// The connections of all OpenAI-compatible endpoints. Timeouts and retries are the gateway's, so the SDK's own are off. Redirects are
/// not followed: they would turn a POST into a GET and could carry the key elsewhere.
/// </summary>
internal sealed class Connections
{
    private readonly HttpClientPipelineTransport _remote = Transport(useProxy: true);
    private readonly HttpClientPipelineTransport _local = Transport(useProxy: false);

    public ChatClient Open(ModelDefinition definition, string? key)
    {
        var endpoint = new Uri(definition.Url!.TrimEnd('/'));
#pragma warning disable OPENAI001 // the only constructor that lets an endpoint be called without a key
        return new ChatClient(definition.Model!, new Authorization(key), new OpenAIClientOptions
        {
            Endpoint = endpoint,
            Transport = endpoint.IsLoopback ? _local : _remote,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        });
#pragma warning restore OPENAI001
    }

    private static HttpClientPipelineTransport Transport(bool useProxy)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
            UseProxy = useProxy,
        };
        return new HttpClientPipelineTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan });
    }
}
