using Minion.Crash.Arena;

namespace Minion.Crash.Rounds;

/// <summary>Carries strikes out, each when its victim has enough runs in flight, and undoes them.</summary>
internal sealed class Executioner(IReadOnlyList<ServerProcess> servers, Database database, int leastHeld)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns what the victim held; the victim is there again by then.</summary>
    public async Task<List<Interrupted>> StrikeAsync(Strike strike, int wait, CancellationToken ct)
    {
        await Task.Delay(strike.After, ct);
        if (strike.Blow == Blow.KillPostgres)
        {
            var held = await Interrupted.AllHeldAsync(database);
            await database.KillAndStartAsync(ct);
            return held;
        }

        var victim = servers[strike.Server];
        if (strike.After == TimeSpan.Zero)
        {
            await UntilBusyAsync(victim, ct);
            await Task.Delay(wait, ct);
        }

        // Stopped first, so that what it holds is known; for a process, being killed while it is stopped is being killed.
        victim.Pause();
        var interrupted = await HeldByAsync(victim);
        if (strike.Blow == Blow.Pause)
        {
            try
            {
                await Task.Delay(strike.Outage, ct);
            }
            finally
            {
                victim.Continue();
            }

            return interrupted;
        }

        await victim.KillAsync();
        await Task.Delay(strike.Outage, ct);
        await victim.StartAsync(ct);
        return interrupted;
    }

    private async Task UntilBusyAsync(ServerProcess victim, CancellationToken ct)
    {
        var since = Environment.TickCount64;
        while ((await HeldByAsync(victim)).Count < leastHeld)
        {
            if (Environment.TickCount64 - since > Patience.TotalMilliseconds)
            {
                throw new InvalidOperationException($"Server {victim.Name} did not come to hold {leastHeld} runs within {Patience.TotalSeconds} s.");
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
