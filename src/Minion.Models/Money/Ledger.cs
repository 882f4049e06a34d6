using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Minion.Data.Notifications;
using Minion.ServiceDefaults.Telemetry;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>
/// Reserves before calls and settles after them. Most reservations come out of what the process holds already; the others cost one
/// round trip. Settling only notes what <see cref="LedgerWriter"/> writes.
/// </summary>
internal sealed class Ledger(
    LedgerStore store, AccountBook book, Holder holder, BudgetCache budgets, PendingUsage pending, PriceList prices, DatabaseNotifications notifications,
    MinionTelemetry telemetry, TimeProvider time, ILogger<Ledger> logger)
{
    private const int MostTries = 8;
    private static readonly TimeSpan LongestTelling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new();

    /// <summary>Reserves what the call may cost at most.</summary>
    /// <exception cref="ModelException">A budget has not that much left, or nobody can tell.</exception>
    public async ValueTask<Reservation> OpenAsync(ModelCall call, ModelDefinition model, Estimate estimate, CancellationToken cancellationToken)
    {
        if (pending.IsFull)
        {
            throw new ModelException(
                ModelErrorKind.Unavailable, "The cost of calls cannot be written to the database, and too many wait already.", "Look at the database's health; calls go on when it answers.");
        }

        var reservation = new Reservation(call, model, Accounts(call, await budgets.GetAsync(call.Caller.Tenant, cancellationToken)), time);
        await RaiseAsync(reservation, model, estimate, cancellationToken);
        return reservation;
    }

    /// <summary>Reserves what is missing so that the whole estimate is reserved.</summary>
    /// <exception cref="ModelException">As for <see cref="OpenAsync"/>.</exception>
    public async ValueTask RaiseAsync(Reservation reservation, ModelDefinition model, Estimate estimate, CancellationToken cancellationToken)
    {
        if (reservation.IsSettled)
        {
            return;
        }

        while (reservation.Missing(estimate) is { Count: > 0 } needs)
        {
            if (needs.FirstOrDefault(n => n.Budget.Amount == 0) is { Budget: not null } zero)
            {
                throw Refusals.OverBudget(zero, 0, 0, 0);
            }

            var before = reservation.Holder;
            if (before != Guid.Empty && before != holder.Id)
            {
                // What was reserved before is void: all of it is needed again.
                reservation.Amounts.Clear();
                needs = reservation.Missing(estimate);
            }

            await TakeAsync(reservation, needs, cancellationToken);
            if (before != reservation.Holder)
            {
                reservation.Amounts.Clear();
            }

            foreach (var need in needs)
            {
                reservation.Amounts[need.Key] = reservation.Amounts.GetValueOrDefault(need.Key) + need.Amount;
            }
        }

        reservation.Model = model;
    }

    /// <summary>Ends a reservation with what was really used.</summary>
    public void Settle(Reservation reservation, IReadOnlyList<UsageRecord> usage)
    {
        var usd = usage.Sum(u => u.CostUsd);
        var tokens = usage.Sum(u => u.Tokens);
        reservation.IsSettled = true;
        var isOurs = reservation.Holder == holder.Id;
        foreach (var (key, budget) in reservation.Accounts)
        {
            var reserved = isOurs ? reservation.Amounts.GetValueOrDefault(key) : 0;
            var used = budget.Part(usd, tokens);
            if (reserved != 0 || used != 0)
            {
                book.Settle(key, reserved, used);
            }
        }

        foreach (var record in usage.Where(u => u.CostUsd > 0))
        {
            telemetry.RecordCost(record.Provider, record.Model, (double)record.CostUsd);
        }

        pending.Add(usage);
    }

    /// <summary>Notes what was used without a reservation. It has happened: when the budgets cannot be read it is accounted all the same.</summary>
    public async ValueTask RecordAsync(ModelCall call, UsageRecord usage, CancellationToken cancellationToken)
    {
        IReadOnlyList<Budget> all = [];
        try
        {
            all = await budgets.GetAsync(call.Caller.Tenant, cancellationToken);
        }
        catch (Exception error) when (error is ModelException or OperationCanceledException)
        {
            LogMessages.BudgetsNotReached(logger, error.Message);
        }

        Settle(new Reservation(call, NoModel, Accounts(call, all), time), [usage]);
    }

    /// <summary>What an attempt used.</summary>
    public UsageRecord UsageOf(ModelCall call, Attempt attempt) => UsageRecord.Of(call, attempt, prices);

    private static readonly ModelDefinition NoModel = new() { Name = "none", Provider = "none" };

    private List<(AccountKey, Budget)> Accounts(ModelCall call, IReadOnlyList<Budget> all)
    {
        var accounts = new List<(AccountKey, Budget)>(all.Count);
        var now = time.GetUtcNow();
        foreach (var budget in all)
        {
            if (budget.SubjectOf(call) is { } subject)
            {
                accounts.Add((new AccountKey(call.Caller.Tenant, budget.Id, subject, Periods.Start(budget.Period, now)), budget));
            }
        }

        return accounts;
    }

    private async ValueTask TakeAsync(Reservation reservation, IReadOnlyList<Need> needs, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(reservation.Call.Caller.Tenant, _ => new SemaphoreSlim(1));
        for (var attempt = 1; ; attempt++)
        {
            if (TakeHeld(reservation, needs))
            {
                return;
            }

            await ToldAsync(needs, cancellationToken);
            var pause = Pause;
            await gate.WaitAsync(cancellationToken);
            try
            {
                // Who came here first may have brought enough for several.
                if (TakeHeld(reservation, needs) || await AskAsync(reservation, needs, attempt, cancellationToken))
                {
                    return;
                }
            }
            catch (ModelException refused) when (Refusals.IsOfReserved(refused) && reservation.Patience.Next() is { } wait)
            {
                (pause, attempt) = (wait, 0);
            }
            finally
            {
                gate.Release();
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>
    /// Waits until the database knows of calls that used more than was reserved, or it would grant what is spent. A database that takes
    /// longer is asked all the same, and says itself that it does not answer.
    /// </summary>
    private async ValueTask ToldAsync(IReadOnlyList<Need> needs, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); book.IsOverdrawn(needs) && time.GetElapsedTime(began) < LongestTelling;)
        {
            pending.Wake();
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Asks for what is held in advance of the accounts, here and elsewhere; whether there is any.</summary>
    private bool CollectChunks(IReadOnlyList<Grant> refused)
    {
        var any = false;
        foreach (var grant in refused)
        {
            if (grant.ChunksElsewhere)
            {
                notifications.Publish(ChunkRequests.Channel, ChunkRequests.Write(grant.Key));
                any = true;
            }

            if (book.GiveUpChunk(grant.Key))
            {
                pending.Wake();
                any = true;
            }
        }

        return any;
    }

    private bool TakeHeld(Reservation reservation, IReadOnlyList<Need> needs)
    {
        var id = holder.Id;
        if (!holder.IsAlive || !book.TryTake(needs))
        {
            return false;
        }

        reservation.Holder = id;
        return true;
    }

    /// <summary>Asks the database; false when it is worth asking again.</summary>
    private async Task<bool> AskAsync(Reservation reservation, IReadOnlyList<Need> needs, int attempt, CancellationToken cancellationToken)
    {
        var id = Guid.Empty;
        try
        {
            id = await holder.EnsureAsync(cancellationToken);
            var grants = await store.ReserveAsync(id, reservation.Call.Caller.Tenant, needs, cancellationToken);
            if (grants.FirstOrDefault(g => g.Refused) is not { } refused)
            {
                book.Grant(grants, [.. needs.Where(n => grants.Any(g => g.Key == n.Key))]);
                reservation.Holder = id;
                return true;
            }

            // What several processes hold in advance may together be enough.
            if (attempt < MostTries && CollectChunks([.. grants.Where(g => g.Refused)]))
            {
                return false;
            }

            var all = grants.Where(g => g.Refused).Select(g => (Grant: g, Need: needs.First(n => n.Key == g.Key))).ToList();
            if (all.TrueForAll(r => r.Grant.Amount > 0 && r.Grant.Amount - r.Grant.Used >= r.Need.Amount + reservation.Amounts.GetValueOrDefault(r.Grant.Key)))
            {
                throw Refusals.Reserved(all[0].Need, refused.Amount, refused.Used, refused.Reserved);
            }

            throw Refusals.OverBudget(all[0].Need, refused.Amount, refused.Used, refused.Reserved);
        }
        catch (PostgresException dead) when (dead.SqlState == LedgerStore.HolderIsDead && attempt < MostTries)
        {
            holder.Died(id);
            return false;
        }
        catch (NpgsqlException error)
        {
            LogMessages.BudgetsNotReached(logger, error.Message);
            throw new ModelException(
                ModelErrorKind.Unavailable, "The budgets cannot be checked: the database does not answer.", "Look at the database's health and try again.", inner: error);
        }
    }
}
