using Minion.Crash.Arena;

namespace Minion.Crash.Rounds;

/// <summary>Carries strikes out, each when its victim has enough runs in flight, and undoes them.</summary>
internal sealed class Executioner(IReadOnlyList<ServerProcess> servers, Database database, int leastHeld)
{
    private static readonly TimeSpan SlowestPacket = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns what the victim held; the victim is there again by then.</summary>
    public async Task<List<Interrupted>> StrikeAsync(Strike strike, int wait, CancellationToken ct)
    {
        await Task.Delay(strike.After, ct);
        if (strike.Blow == Blow.Postgres)
        {
            var all = await Interrupted.AllHeldAsync(database);
            await database.KillAndStartAsync(ct);
            return all;
        }

        var victim = servers[strike.Server];
        if (strike.After == TimeSpan.Zero)
        {
            await UntilBusyAsync(victim, ct);
            await Task.Delay(wait, ct);
        }

        // Stopped first, so that what it holds is known; for a process, being struck while it is stopped is being struck.
        victim.Pause();
        List<Interrupted> held;
        try
        {
            held = await HeldByAsync(victim);
            if (strike.Blow == Blow.Pause)
            {
                await Task.Delay(strike.Lasts, ct);
            }
        }
        finally
        {
            if (strike.Blow != Blow.Kill)
            {
                victim.Continue();
            }
        }

        await CarryOutAsync(strike, victim, ct);
        return held;
    }

    private static async Task CarryOutAsync(Strike strike, ServerProcess victim, CancellationToken ct)
    {
        switch (strike.Blow)
        {
            case Blow.Kill:
                await victim.KillAsync();
                await Task.Delay(strike.Lasts, ct);
                await victim.StartAsync(ct);
                break;
            case Blow.Stop:
                await victim.StopAsync(ct);
                await Task.Delay(strike.Lasts, ct);
                await victim.StartAsync(ct);
                break;
            case Blow.Cut:
                victim.Proxy.Cut();
                break;
            case Blow.Part:
                await victim.Proxy.RefuseAsync(strike.Lasts);
                break;
            case Blow.Freeze:
                await victim.Proxy.FreezeAsync(strike.Lasts);
                break;
            case Blow.Deafen:
                await victim.Proxy.LoseAnswersAsync(strike.Lasts);
                break;
            case Blow.Slow:
                await victim.Proxy.DelayAsync(SlowestPacket, strike.Lasts);
                break;
        }
    }

    private async Task UntilBusyAsync(ServerProcess victim, CancellationToken ct)
    {
        var since = Environment.TickCount64;
        while ((await HeldByAsync(victim)).Count < leastHeld)
        {
            if (Environment.TickCount64 - since > Timings.Recovery.TotalMilliseconds)
            {
                throw new InvalidOperationException($"Server {victim.Name} did not come to hold {leastHeld} runs within {Timings.Recovery.TotalSeconds} s.");
            }

            await Task.Delay(Look, ct);
        }
    }

    private async Task<List<Interrupted>> HeldByAsync(ServerProcess victim)
    {
        while (true)
        {
            try
            {
                return await Interrupted.HeldByAsync(database, victim.ProcessId);
            }
            catch (Npgsql.NpgsqlException)
            {
                // PostgreSQL was struck as well.
                await Task.Delay(Look);
            }
        }
    }
}
