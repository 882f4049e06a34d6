using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Minion.Tools.Declarations;
using Minion.Tools.Sources.Cleaning;

namespace Minion.Tools.Sources;

/// <summary>The sources of all tenants in this process; each lives as long as its declaration stays as it is.</summary>
internal sealed class SourceSet(IEnumerable<IToolSourceKind> kinds, SecretReferences secrets, ILogger<SourceSet> log) : IAsyncDisposable
{
    private readonly Dictionary<string, IToolSourceKind> _kinds = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string Name), LiveSource> _live = new();

    public IReadOnlyCollection<string> Kinds => _kinds.Keys;

    public IToolSourceKind? Kind(string name) => _kinds.GetValueOrDefault(name);

    public LiveSource? Find(string tenant, string name) => _live.GetValueOrDefault((tenant, name));

    /// <summary>The sources of a tenant as they are declared: new ones are made, those that changed made anew, those that are gone ended.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="declared">All of its sources. One of a kind that this process does not have is left out.</param>
    /// <param name="changed">Called when one of them says that it has changed.</param>
    public IReadOnlyList<LiveSource> Keep(string tenant, IReadOnlyList<DeclaredSource> declared, Action changed)
    {
        foreach (var (key, live) in _live.Where(pair => pair.Key.Tenant == tenant).ToList())
        {
            var wanted = declared.FirstOrDefault(source => source.Name == key.Name);
            if ((wanted is null || !IsSame(live.Declared, wanted)) && _live.TryRemove(key, out _))
            {
                _ = EndAsync(live);
            }
        }

        return [.. declared.Where(source => _kinds.ContainsKey(source.Kind)).Select(source => Live(tenant, source, changed)).OfType<LiveSource>()];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in _live.Keys)
        {
            if (_live.TryRemove(key, out var live))
            {
                await EndAsync(live);
            }
        }
    }

    private static bool IsSame(DeclaredSource one, DeclaredSource other) => one.Kind == other.Kind && PolicyJson.AreEqual(one.Settings, other.Settings);

    private LiveSource? Live(string tenant, DeclaredSource source, Action changed)
    {
        try
        {
            return _live.GetOrAdd((tenant, source.Name), _ => Create(tenant, source, changed));
        }
        catch (Exception exception)
        {
            log.SourceNotMade(exception, tenant, source.Name);
            return null;
        }
    }

    private LiveSource Create(string tenant, DeclaredSource source, Action changed)
    {
        var made = _kinds[source.Kind].Create(new SourceDefinition(tenant, source.Name, source.Kind, source.Settings));
        var sent = new SentSecrets(source.Settings, secrets.For(tenant), () => (made as ISecretSender)?.SentSecrets ?? []);
        return new LiveSource(source, new CleanedSource(made, sent), changed);
    }

    private async Task EndAsync(LiveSource live)
    {
        try
        {
            await live.DisposeAsync();
        }
        catch (Exception exception)
        {
            log.SourceNotEnded(exception, live.Declared.Name);
        }
    }
}
