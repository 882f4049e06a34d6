using System.Text.Json;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Crash.Arena;
using Minion.Crash.Load;

namespace Minion.Crash.Rounds;

/// <summary>
/// The person who is asked what became of an interrupted call: looks whether it was counted, and says 'done' or 'retry'. To be
/// called when all is settled (<see cref="Settling"/>).
/// </summary>
internal sealed class Inbox(Servers servers, Database database, Ledger ledger)
{
    private const int Page = 200;

    /// <summary>Questions that were answered so far, by what was answered.</summary>
    public int Done { get; private set; }

    /// <inheritdoc cref="Done"/>
    public int Retried { get; private set; }

    /// <summary>Answers until no run waits. Returns how many answers were given.</summary>
    public async Task<int> DrainAsync(CancellationToken ct)
    {
        var before = Done + Retried;
        var begun = Environment.TickCount64;
        while (await WaitingAsync(ct) is { Count: > 0 } waiting)
        {
            if (Environment.TickCount64 - begun > Timings.Recovery.TotalMilliseconds)
            {
                ledger.Contradict($"runs still wait {Timings.Recovery.TotalSeconds} s after their questions were answered: {string.Join(", ", waiting.Take(3).Select(r => r.Id))}");
                break;
            }

            foreach (var run in waiting)
            {
                foreach (var question in run.Questions)
                {
                    await AnswerAsync(run, question, ct);
                }
            }
        }

        return Done + Retried - before;
    }

    private async Task<IReadOnlyList<Run>> WaitingAsync(CancellationToken ct)
    {
        var request = new ListRunsRequest { Status = RunStatus.Waiting, PageSize = Page };
        return (await servers.CallAsync((server, deadline) => server.Runs.ListRunsAsync(request, deadline: deadline, cancellationToken: ct), ct)).Runs;
    }

    private async Task AnswerAsync(Run run, Question question, CancellationToken ct)
    {
        using var arguments = JsonDocument.Parse(question.Arguments);
        var text = arguments.RootElement.GetProperty("text").GetString();
        var isDone = (await database.QueryAsync<int>("SELECT count(*)::int FROM crash.calls WHERE text = @text", new { text }))[0] > 0;
        var request = new AnswerRequest { RunId = run.Id, QuestionId = question.Id, Choice = isDone ? "done" : "retry" };
        try
        {
            await servers.CallAsync((server, deadline) => server.Runs.AnswerAsync(request, deadline: deadline, cancellationToken: ct), ct);
        }
        catch (RpcException moved) when (moved.StatusCode is StatusCode.FailedPrecondition or StatusCode.InvalidArgument or StatusCode.NotFound)
        {
            // An answer before this one has let the run go on; what is still open is asked again.
            return;
        }

        if (isDone)
        {
            Done++;
        }
        else
        {
            Retried++;
        }
    }
}
