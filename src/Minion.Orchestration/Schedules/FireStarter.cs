using Minion.Orchestration.Runs;
using Minion.Orchestration.Sessions;

namespace Minion.Orchestration.Schedules;

/// <summary>Starts the runs of times.</summary>
internal sealed class FireStarter(UnattendedStart start, SessionStore sessions)
{
    private static readonly TimeSpan SessionLife = TimeSpan.FromDays(3650);

    public async Task<StartOutcome> StartAsync(FireRecord fire, CancellationToken cancellation)
    {
        var schedule = fire.Schedule;
        if (schedule.Definition.OwnSession)
        {
            await sessions.CreateAsync(
                schedule.Tenant, schedule.Id, "", $"Schedule {schedule.Definition.Name}", SessionLife, new Dictionary<string, string>(), [],
                Contracts.Orchestration.V1.TurnPolicy.Queue, cancellation);
        }

        return await start.StartAsync(schedule.Owner, fire.ToRequest(), cancellation);
    }
}
