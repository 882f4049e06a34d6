using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Sessions;
using Minion.Testing.Time;
using Npgsql;

namespace Minion.Orchestration.Tests.Sessions;

public sealed class SessionSweepTests : IClassFixture<Fixture>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ManualTime _time = new();
    private readonly string _tenant = $"t{Guid.CreateVersion7():N}";
    private readonly NpgsqlDataSource _engine;
    private readonly SessionStore _sessions;
    private readonly SessionSweep _sweep;

    public SessionSweepTests(Fixture fixture)
    {
        _engine = fixture.Database.DataSource(DatabaseRoles.Engine);
        var tenants = fixture.Database.DataSource(DatabaseRoles.Orchestration);
        _sessions = new SessionStore(tenants, _time);
        _sweep = new SessionSweep(_engine, new SessionRemoval(tenants, _engine, _time), Options.Create(new SessionSweepOptions { SweepBatch = 3, RetentionDays = 10 }), _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_is_over_counts_as_expired_before_the_sweep_comes()
    {
        var id = await NewAsync();
        _time.Advance(Hour);

        (await _sessions.FindAsync(_tenant, id, Cancellation))!.Status.ShouldBe(SessionStatus.Expired);
        (await _sessions.ListAsync(_tenant, "", SessionStatus.Expired, Guid.AllBitsSet, 10, Cancellation)).ShouldHaveSingleItem();
        (await _sessions.ListAsync(_tenant, "", SessionStatus.Active, Guid.AllBitsSet, 10, Cancellation)).ShouldBeEmpty();
        var fault = await Should.ThrowAsync<Fault>(_sessions.AppendAsync(_tenant, id, Role.User, "late", Cancellation));
        fault.Reason.ShouldBe("SESSION_EXPIRED");
    }

    [Fact]
    public async Task A_message_gives_the_session_its_whole_time_again()
    {
        var id = await NewAsync();
        _time.Advance(Hour / 2);
        await _sessions.AppendAsync(_tenant, id, Role.User, "still here", Cancellation);
        _time.Advance(Hour * 3 / 4);

        await _sweep.SweepAsync(Cancellation);

        (await _sessions.FindAsync(_tenant, id, Cancellation))!.Status.ShouldBe(SessionStatus.Active);
        _time.Advance(Hour / 4);
        await _sweep.SweepAsync(Cancellation);
        (await StoredStatusAsync(id)).ShouldBe("expired");
    }

    [Fact]
    public async Task The_sweep_expires_more_than_one_batch_and_leaves_the_others()
    {
        var over = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            over.Add(await NewAsync());
        }

        var closed = await NewAsync();
        await _sessions.EndAsync(_tenant, closed, SessionStatus.Closed, Cancellation);
        _time.Advance(Hour);
        var fresh = await NewAsync();

        (await _sweep.SweepAsync(Cancellation)).Expired.ShouldBeGreaterThanOrEqualTo(8);

        foreach (var id in over)
        {
            (await StoredStatusAsync(id)).ShouldBe("expired");
        }

        (await StoredStatusAsync(closed)).ShouldBe("closed");
        (await StoredStatusAsync(fresh)).ShouldBe("active");
        (await _sweep.SweepAsync(Cancellation)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_expired_session_is_deleted_with_its_messages_after_the_retention()
    {
        var id = await NewAsync();
        await _sessions.AppendAsync(_tenant, id, Role.User, "hello", Cancellation);
        var archived = await NewAsync();
        _time.Advance(Hour);
        await _sweep.SweepAsync(Cancellation);
        await _sessions.EndAsync(_tenant, archived, SessionStatus.Archived, Cancellation);

        _time.Advance(TimeSpan.FromDays(10) - TimeSpan.FromSeconds(1));
        await _sweep.SweepAsync(Cancellation);
        (await StoredStatusAsync(id)).ShouldBe("expired");
        _time.Advance(TimeSpan.FromSeconds(1));
        await _sweep.SweepAsync(Cancellation);

        (await StoredStatusAsync(id)).ShouldBeNull();
        (await _sessions.ListMessagesAsync(_tenant, id, 0, 10, Cancellation)).ShouldBeEmpty();
        (await StoredStatusAsync(archived)).ShouldBe("archived");
    }

    [Fact]
    public async Task The_process_sweeps_at_its_interval()
    {
        var id = await NewAsync();
        using var sweeper = new SessionSweeper(_sweep, Options.Create(new SessionSweepOptions { SweepSeconds = 60 }), _time, NullLogger<SessionSweeper>.Instance);
        await sweeper.StartAsync(Cancellation);

        await Eventually.HoldsAsync(
            async () =>
            {
                _time.Advance(Hour);
                return await StoredStatusAsync(id) == "expired";
            },
            "the sweep to come");
        await sweeper.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Sweeps_at_the_same_time_share_the_work()
    {
        for (var i = 0; i < 20; i++)
        {
            await NewAsync();
        }

        _time.Advance(Hour);
        var swept = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _sweep.SweepAsync(Cancellation)));
        var rest = await _sweep.SweepAsync(Cancellation);

        (swept.Sum(s => s.Expired) + rest.Expired).ShouldBeGreaterThanOrEqualTo(20);
        (await _sessions.ListAsync(_tenant, "", SessionStatus.Active, Guid.AllBitsSet, 100, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_engine_appends_the_answer_of_a_run_also_when_the_session_was_closed_meanwhile()
    {
        var id = await NewAsync();
        var run = Guid.CreateVersion7();
        await _sessions.AppendAsync(_tenant, id, Role.User, "question", Cancellation);
        await _sessions.EndAsync(_tenant, id, SessionStatus.Closed, Cancellation);

        await using (var batch = _engine.CreateBatch())
        {
            batch.BatchCommands.Add(SessionStatements.Append(
                _tenant, id, Role.Assistant, "answer", [new("calculator", """{"a":1}""", """{"value":2}""", Failed: false)], run, _time.GetStoredNow(), onlyToOpen: false));
            (await batch.ExecuteScalarAsync(Cancellation)).ShouldBe(2L);
        }

        var messages = await _sessions.ListNewestMessagesAsync(_tenant, id, 10, Cancellation);
        messages.Select(m => m.Content).ShouldBe(["question", "answer"]);
        messages[1].RunId.ShouldBe(run);
        messages[1].ToolCalls.ShouldBe([new SessionToolCall("calculator", """{"a":1}""", """{"value":2}""", Failed: false)]);
    }

    [Fact]
    public async Task A_session_that_is_held_with_another_agent_takes_no_message_for_this_one()
    {
        var id = (await _sessions.CreateAsync(_tenant, id: null, "ada", "", Hour, new Dictionary<string, string>(), [], TurnPolicy.Queue, Cancellation))!.Id;

        await using var batch = _engine.CreateBatch();
        batch.BatchCommands.Add(SessionStatements.Append(_tenant, id, Role.User, "x", [], null, _time.GetStoredNow(), agent: "bob"));

        (await batch.ExecuteScalarAsync(Cancellation)).ShouldBeNull();
        (await _sessions.ExplainAsync(_tenant, id, "bob", Cancellation)).Reason.ShouldBe("SESSION_OF_ANOTHER_AGENT");
    }

    private async Task<Guid> NewAsync() =>
        (await _sessions.CreateAsync(_tenant, id: null, "", "", Hour, new Dictionary<string, string>(), [], TurnPolicy.Queue, Cancellation))!.Id;

    private async Task<string?> StoredStatusAsync(Guid id)
    {
        await using var command = _engine.CreateCommand("SELECT status FROM orchestration.sessions WHERE tenant = $1 AND id = $2");
        command.Parameters.Add(new() { Value = _tenant });
        command.Parameters.Add(new() { Value = id });
        return (string?)await command.ExecuteScalarAsync(Cancellation);
    }
}
