using System.Collections.Concurrent;
using Minion.Contracts.Models.V1;
using Minion.Contracts.Orchestration.V1;
using Minion.Crash.Arena;
using Minion.Crash.Exhaustive;

namespace Minion.Crash.Load;

/// <summary>Keeps so many runs in flight, some of them watched.</summary>
internal sealed class Loader(Servers servers, Database database, Ledger ledger, Watchers watchers, int seed, int load)
{
    private const int Sessions = 40;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(40);

    private readonly ConcurrentDictionary<Task, bool> _submitting = new();
    private IReadOnlyList<string> _sessions = [];
    private int _number;

    /// <summary>Defines the agents and opens the sessions.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        await servers.CallAsync(
            (server, deadline) => server.Clusters.ApplyClusterAsync(
                new ApplyClusterRequest { Content = ClusterText.Yaml, Source = "crash.yaml" }, deadline: deadline, cancellationToken: ct),
            ct);
        await servers.CallAsync(
            (server, deadline) => server.Clusters.ApplyClusterAsync(
                new ApplyClusterRequest { Content = ScenarioText.Yaml, Source = "canonical.yaml" }, deadline: deadline, cancellationToken: ct),
            ct);
        var subscription = new SubscribeRequest
        {
            Topic = ClusterText.Topic,
            Subscriber = $"agent:{ClusterText.Recorder}",
            StartsRun = true,
            Input = ClusterText.RecorderInput,
        };
        await servers.CallAsync((server, deadline) => server.Messages.SubscribeAsync(subscription, deadline: deadline, cancellationToken: ct), ct);
        var budget = new Budget { Scope = BudgetScope.Tenant, Unit = BudgetUnit.Tokens, Period = BudgetPeriod.Total, Amount = "1000000000" };
        await servers.CallAsync(
            (server, deadline) => server.Budgets.SetBudgetAsync(new SetBudgetRequest { Budget = budget }, deadline: deadline, cancellationToken: ct), ct);
        var sessions = new List<string>();
        for (var i = 0; i < Sessions; i++)
        {
            var created = await servers.CallAsync(
                (server, deadline) => server.Sessions.CreateSessionAsync(new CreateSessionRequest { Title = $"crash {i}" }, deadline: deadline, cancellationToken: ct),
                ct);
            sessions.Add(created.Session.Id);
        }

        _sessions = sessions;
    }

    /// <summary>Submits until <paramref name="stop"/>; then waits until what was begun is acknowledged.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var flying = (await database.QueryAsync<int>("SELECT count(*)::int FROM orchestration.runs WHERE ended_at IS NULL AND parent_id IS NULL"))[0];
                for (var missing = load - flying - _submitting.Count; missing > 0; missing--)
                {
                    Begin(Submission.Number(++_number, seed, _sessions), abort);
                }
            }
            catch (Npgsql.NpgsqlException)
            {
                // PostgreSQL was killed: it comes again.
            }

            await Task.Delay(Beat, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_submitting.Keys);
    }

    /// <summary>From now on the clock starts no run.</summary>
    public Task StopTheClockAsync(CancellationToken ct) => servers.CallAsync(
        (server, deadline) => server.Schedules.PauseScheduleAsync(new PauseScheduleRequest { Name = ClusterText.Beat }, deadline: deadline, cancellationToken: ct), ct);

    private void Begin(Submission submission, CancellationToken ct)
    {
        var submitting = Task.Run(() => SubmitAsync(submission, ct), CancellationToken.None);
        _submitting[submitting] = true;
        _ = submitting.ContinueWith(
            done =>
            {
                _submitting.TryRemove(done, out _);
                if (done.Exception is { } error)
                {
                    ledger.Contradict($"{submission.RequestId} was refused: {error.InnerException?.Message}");
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task SubmitAsync(Submission submission, CancellationToken ct)
    {
        var run = await StartAsync(servers, ledger, submission, ct);
        if (submission.IsWatched)
        {
            watchers.Follow(run);
        }

        if (submission.IsRepeated)
        {
            await StartAsync(servers, ledger, submission, ct);
        }

        if (submission.IsCancelled)
        {
            await Task.Delay(Random.Shared.Next(300), ct);
            var request = new CancelRunRequest { Id = run.ToString(), Reason = "The client thought better of it." };
            await servers.CallAsync((server, deadline) => server.Runs.CancelRunAsync(request, deadline: deadline, cancellationToken: ct), ct);
        }
    }

    /// <summary>Submits until it is acknowledged.</summary>
    public static async Task<Guid> StartAsync(Servers servers, Ledger ledger, Submission submission, CancellationToken ct)
    {
        var request = new StartRunRequest
        {
            Agent = submission.Agent,
            Input = submission.Input,
            RequestId = submission.RequestId,
            SessionId = submission.SessionId ?? "",
        };
        var answer = await servers.CallAsync((server, deadline) => server.Runs.StartRunAsync(request, deadline: deadline, cancellationToken: ct), ct);
        var run = Guid.Parse(answer.Run.Id);
        ledger.Accept(submission, run);
        if (answer.Existed)
        {
            ledger.NoteRepeated();
        }

        return run;
    }
}
