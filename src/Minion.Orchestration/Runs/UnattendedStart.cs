using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Runs;

/// <summary>What came of an attempt to start a run for somebody who is not there: the run, or why there is none.</summary>
/// <param name="Run">The run.</param>
/// <param name="Refusal">Why there is none.</param>
/// <param name="MayPass">Whether another attempt may go better.</param>
internal readonly record struct StartOutcome(Guid? Run, string Refusal = "", bool MayPass = false);

/// <summary>Starts runs that nobody waits for, by schedules and messages. The request's id makes it one run, however often it is tried.</summary>
internal sealed class UnattendedStart(Submitter submitter, RunStore runs, TimeProvider time)
{
    public async Task<StartOutcome> StartAsync(Caller owner, StartRunRequest request, CancellationToken cancellation)
    {
        try
        {
            RunRequests.Check(request, time.GetUtcNow());
            var (run, _) = await submitter.StartAsync(owner, request, cancellation);
            return new StartOutcome(run.Id);
        }
        catch (Fault fault) when (fault.Status == StatusCode.AlreadyExists)
        {
            // What the input is made of was changed after the run had started.
            var run = await runs.FindByRequestAsync(owner.Tenant, request.RequestId, cancellation);
            return new StartOutcome(run?.Id, run is null ? fault.Message : "");
        }
        catch (Fault fault)
        {
            return new StartOutcome(null, fault.Message, fault.Status is StatusCode.Unavailable or StatusCode.Aborted or StatusCode.ResourceExhausted);
        }
    }
}
