using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>
/// The budgets of each tenant, so that a call need not ask for them. What has changed is told by a notification; without one it is seen
/// after two seconds, read beside the calls that go on. How much is left, the database says at each reservation.
/// </summary>
internal sealed class BudgetCache(BudgetStore store, TimeProvider time, ILogger<BudgetCache> logger)
{
    public const string Channel = "minion_budgets";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Usable = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <exception cref="ModelException">They cannot be read.</exception>
    public ValueTask<IReadOnlyList<Budget>> GetAsync(string tenant, CancellationToken cancellationToken)
    {
        if (_entries.TryGetValue(tenant, out var entry))
        {
            var age = time.GetElapsedTime(entry.Read);
            if (age < Fresh)
            {
                return new(entry.Budgets);
            }

            if (age < Usable && entry.Refresh())
            {
                _ = RefreshAsync(tenant);
            }

            if (age < Usable)
            {
                return new(entry.Budgets);
            }
        }

        return new(ReadAsync(tenant, cancellationToken));
    }

    public void Forget(string tenant) => _entries.TryRemove(tenant, out _);

    private async Task RefreshAsync(string tenant)
    {
        try
        {
            await ReadAsync(tenant, CancellationToken.None);
        }
        catch (ModelException error)
        {
            LogMessages.BudgetsNotReached(logger, error.Message);
        }
    }

    private async Task<IReadOnlyList<Budget>> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            var read = time.GetTimestamp();
            var budgets = await store.AllAsync(tenant, cancellationToken);
            _entries[tenant] = new Entry(budgets, read);
            return budgets;
        }
        catch (NpgsqlException error)
        {
            throw new ModelException(
                ModelErrorKind.Unavailable, "The budgets cannot be read: the database does not answer.", "Look at the database's health and try again.", inner: error);
        }
    }

    private sealed class Entry(IReadOnlyList<Budget> budgets, long read)
    {
        private int _refreshing;

        public IReadOnlyList<Budget> Budgets => budgets;

        public long Read => read;

        /// <summary>True for the first who asks.</summary>
        public bool Refresh() => Interlocked.Exchange(ref _refreshing, 1) == 0;
    }
}
