using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Where services are, from the section <c>services</c>: read once, and again when the configuration changes.</summary>
internal sealed class ConfiguredEndpoints : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ConcurrentDictionary<(string Host, string Scheme), Turn> _known = new();
    private readonly IDisposable _changes;

    public ConfiguredEndpoints(IConfiguration configuration)
    {
        _configuration = configuration;
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, _known.Clear);
    }

    /// <summary>The next endpoint for <paramref name="address"/>; null when its host is no service that is configured.</summary>
    public Uri? Next(Uri address) =>
        _known.GetOrAdd((address.Host, address.Scheme), static (key, self) => new Turn(self.Read(key.Host, key.Scheme)), this).Next();

    public void Dispose() => _changes.Dispose();

    /// <summary>A host <c>_endpoint.service</c> names the endpoint; otherwise it is the one that is called like the scheme.</summary>
    private Uri[] Read(string host, string scheme)
    {
        var (endpoint, service) = host.StartsWith('_') && host.Split('.', 2) is [var first, var rest] ? (first[1..], rest) : (scheme, host);
        var section = _configuration.GetSection("services").GetSection(service).GetSection(endpoint);
        return [.. section.GetChildren().Select(child => child.Value).Append(section.Value)
            .Select(value => Uri.TryCreate(value, UriKind.Absolute, out var uri) ? uri : null)
            .OfType<Uri>()
            .Where(uri => uri.Scheme == scheme)];
    }

    private sealed class Turn(Uri[] endpoints)
    {
        private uint _next = uint.MaxValue;

        public Uri? Next() => endpoints.Length == 0 ? null : endpoints[Interlocked.Increment(ref _next) % endpoints.Length];
    }
}
