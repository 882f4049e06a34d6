using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Minion.Tools.Registry;

/// <summary>
/// The tools of each tenant: the server's own and those of the tenant's sources, under the tenant's policies. Made when they are first asked for,
/// and again when something was declared or a source says that it has changed.
/// </summary>
internal sealed class TenantRegistry(TenantToolsBuilder builder, TimeProvider time, ILogger<TenantRegistry> log)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GoodForWhileFailing = TimeSpan.FromSeconds(5);
    private const int MostRounds = 5;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The tools of <paramref name="tenant"/>; usually at once.</summary>
    /// <exception cref="NpgsqlException">What is declared cannot be read, and never was.</exception>
    public ValueTask<TenantTools> GetAsync(string tenant, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(tenant, _ => new Entry());
        if (entry.Current is { } current && current.Generation == Volatile.Read(ref entry.Generation))
        {
            if (time.GetElapsedTime(current.At) > current.GoodFor)
            {
                _ = StartAsync(tenant, entry);
            }

            return new(current.Tools);
        }

        return new(StartAsync(tenant, entry).WaitAsync(cancellationToken));
    }

    /// <summary>Something was declared or decided: whoever asks next gets it.</summary>
    public void Forget(string tenant)
    {
        if (_entries.TryGetValue(tenant, out var entry))
        {
            Interlocked.Increment(ref entry.Generation);
        }
    }

    /// <summary>Notifications may have been missed.</summary>
    public void ForgetAll()
    {
        foreach (var entry in _entries.Values)
        {
            Interlocked.Increment(ref entry.Generation);
        }
    }

    /// <summary>A source has changed: the tools are made anew, beside the calls that go on.</summary>
    public void Refresh(string tenant)
    {
        if (_entries.TryGetValue(tenant, out var entry))
        {
            Volatile.Write(ref entry.Again, 1);
            _ = StartAsync(tenant, entry);
        }
    }

    private Task<TenantTools> StartAsync(string tenant, Entry entry)
    {
        lock (entry)
        {
            return entry.Building ??= Task.Run(() => BuildAsync(tenant, entry));
        }
    }

    private async Task<TenantTools> BuildAsync(string tenant, Entry entry)
    {
        try
        {
            for (var round = 1; ; round++)
            {
                var made = await MakeAsync(tenant, entry);
                lock (entry)
                {
                    entry.Current = made;
                    if (round >= MostRounds || (entry.Again == 0 && made.Generation == Volatile.Read(ref entry.Generation)))
                    {
                        entry.Building = null;
                        return made.Tools;
                    }
                }
            }
        }
        catch
        {
            lock (entry)
            {
                entry.Building = null;
            }

            throw;
        }
    }

    private async Task<Made> MakeAsync(string tenant, Entry entry)
    {
        Volatile.Write(ref entry.Again, 0);
        var generation = Volatile.Read(ref entry.Generation);
        try
        {
            var (tools, failing) = await builder.BuildAsync(tenant, entry.Current?.Tools, () => Refresh(tenant), CancellationToken.None);
            return new Made(tools, generation, time.GetTimestamp(), failing ? GoodForWhileFailing : GoodFor);
        }
        catch (Exception exception) when (entry.Current is not null)
        {
            log.ToolsNotRead(exception, tenant);
            return entry.Current with { Generation = generation, At = time.GetTimestamp(), GoodFor = GoodForWhileFailing };
        }
    }

    private sealed class Entry
    {
        public long Generation;
        public int Again;
        public volatile Made? Current;
        public Task<TenantTools>? Building;
    }

    private sealed record Made(TenantTools Tools, long Generation, long At, TimeSpan GoodFor);
}
