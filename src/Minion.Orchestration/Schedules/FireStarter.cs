using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Sessions;

namespace Minion.Orchestration.Schedules;

/// <summary>What came of an attempt to start the run of a time: the run, or why there is none.</summary>
/// <param name="Run">The run.</param>
/// <param name="Refusal">Why there is none.</param>
/// <param name="MayPass">Whether another attempt may go better.</param>
internal readonly record struct StartOutcome(Guid? Run, string Refusal = "", bool MayPass = false);

/// <summary>Starts the runs of times; the request's id makes that one run, however often it is tried.</summary>
internal sealed class FireStarter(Submitter submitter, RunStore runs, SessionStore sessions, TimeProvider time)
{
    private static readonly TimeSpan SessionLife = TimeSpan.FromDays(3650);

    public async Task<StartOutcome> StartAsync(FireRecord fire, CancellationToken cancellation)
    {
        try
        {
            var request = fire.ToRequest();
            if (fire.Schedule.Definition.OwnSession)
            {
                await sessions.CreateAsync(
                    fire.Schedule.Tenant, fire.Schedule.Id, "", $"Schedule {fire.Schedule.Definition.Name}", SessionLife, new Dictionary<string, string>(), [], cancellation);
            }

            RunRequests.Check(request, time.GetUtcNow());
            var (run, _) = await submitter.StartAsync(fire.Schedule.Owner, request, cancellation);
            return new StartOutcome(run.Id);
        }
        catch (Fault fault) when (fault.Status == StatusCode.AlreadyExists)
        {
            // The definition was changed after the run had started.
            var run = await runs.FindByRequestAsync(fire.Schedule.Tenant, fire.RequestId, cancellation);
            return new StartOutcome(run?.Id, run is null ? fault.Message : "");
        }
        catch (Fault fault)
        {
            return new StartOutcome(null, fault.Message, fault.Status is StatusCode.Unavailable or StatusCode.Aborted or StatusCode.ResourceExhausted);
        }
    }
}
