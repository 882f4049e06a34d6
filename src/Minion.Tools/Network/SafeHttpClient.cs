using System.Net.Http;

namespace Minion.Tools.Network;

/// <summary>An HTTP client whose connections all go through a guard. One for each guard: connections are kept and used again.</summary>
internal sealed class SafeHttpClient(AddressGuard guard) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(guard.CreateHandler());

    /// <summary>Sends the request; the answer's body has not been read yet.</summary>
    /// <exception cref="HttpRequestException">It did not work; <see cref="HttpFailures"/> says it to a model.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, cancellationToken);

    public void Dispose() => _client.Dispose();
}
