using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Modelled;

/// <summary>
/// A run as the engine carries it out (decide, act, append), without a database: crashes forget what was not appended, people answer, somebody may cancel
/// or retry. The tape says what happens.
/// </summary>
internal sealed class SimulatedRun
{
    private const int MostDecisions = 2_000;

    private readonly Tape _tape;
    private readonly World _world;
    private readonly IBehaviour _behaviour;
    private readonly Func<RunState> _newState;
    private readonly List<Entry> _pending = [];
    private readonly int _crashes;
    private RunState _state;
    private int _crashed;
    private long _signals;
    private DateTimeOffset _now = Journals.Start;

    public SimulatedRun(IBehaviour behaviour, Tape tape, World world, IEnumerable<Entry>? begun = null, int crashes = 6, Guid? id = null)
    {
        (_behaviour, _tape, _world, _crashes) = (behaviour, tape, world, crashes);
        var run = id ?? new Guid("01890000-0000-7000-8000-000000000001");
        _newState = () => new RunState(run, new RunLimits(40, 0, 900), Journals.Start, "do it");
        Journal = [.. begun ?? []];
        _signals = Journal.Select(e => e.Payload).OfType<SignalReceived>().Select(s => s.SignalSeq).DefaultIfEmpty().Max();
        _state = Fold(Journal);
    }

    /// <summary>What was appended.</summary>
    public List<Entry> Journal { get; }

    /// <summary>Answers "retry", by the key of the call.</summary>
    public Dictionary<string, int> Retries { get; } = [];

    public RunState State => _state;

    public RunState Fold(IEnumerable<Entry> entries)
    {
        var state = _newState();
        foreach (var entry in entries)
        {
            state.Apply(entry);
        }

        return state;
    }

    /// <summary>Goes on until the run has ended for good.</summary>
    public SimulatedRun ToItsEnd()
    {
        for (var decisions = 0; decisions < MostDecisions; decisions++)
        {
            if (_state.End != RunEnd.None)
            {
                if (_state.End != RunEnd.Failed || !_tape.OneIn(2))
                {
                    return this;
                }

                Receive(SignalReceived.Retry, null, null);
                Append();
            }

            CarryOut(Rules.Next(_behaviour, _state));
        }

        throw new InvalidOperationException("The run does not end.");
    }

    private void CarryOut(Decision decision)
    {
        switch (decision)
        {
            case CallModel call:
                if (!Append())
                {
                    break;
                }

                if (_state.Context is null)
                {
                    Record(0, 0, 0, new ContextRecorded(0, 0, "hash"));
                }

                Record(call.Step, 0, 1, _world.Answer() with { Purpose = call.Purpose }, new Usage(10, 5, 1, 0));
                MayCrash();
                break;
            case CallTools calls:
                Call(calls.Calls);
                break;
            case HelpCall help:
                if (Append())
                {
                    Record(help.Call.Step, help.Call.Request.Call, 1, _world.Help(help.Call), new Usage(10, 5, 1, 0));
                    MayCrash();
                }

                break;
            case Ask ask:
                foreach (var call in ask.Calls)
                {
                    var question = Questions.About(call, _now);
                    Record(question.Step, question.Call, question.Attempt, question.Payload);
                }

                break;
            case Settle settle:
                Record(settle.Call.Step, settle.Call.Request.Call, settle.Call.Attempts, settle.Outcome, new Usage(0, 0, 0, 1));
                MayCrash();
                break;
            case Wait wait when Append():
                Answer(wait);
                break;
            case Wait:
                break;
            case Finish finish:
                End(new RunCompleted(finish.Output));
                break;
            case Fail fail:
                End(new RunFailed(fail.Reason, fail.Message, fail.Hint));
                break;
            case Stop stop:
                End(new RunCancelled(stop.Reason, stop.Principal));
                break;
            default:
                throw new InvalidOperationException(decision.ToString());
        }
    }

    private void Call(IReadOnlyList<CallState> calls)
    {
        var run = _state.RunId;
        foreach (var call in calls.Where(c => c.Request.Tool != World.Reads && c.Input?.IsDenied != true))
        {
            Record(
                call.Step,
                call.Request.Call,
                call.Attempts + 1,
                new CallIntended(call.Request.Tool, call.Arguments, call.Key(run), call.Request.Tool == World.Repeatable));
        }

        if (!Append())
        {
            return;
        }

        foreach (var call in calls)
        {
            var outcome = _world.Execute(call, call.Key(run));
            if (MayCrash())
            {
                return;
            }

            if (outcome is not null)
            {
                Record(call.Step, call.Request.Call, Math.Max(1, call.Attempts), outcome, new Usage(0, 0, 0, outcome is CallReturned ? 1 : 0));
            }
        }

        if (_tape.OneIn(12))
        {
            Receive(SignalReceived.Cancel, null, null);
        }
    }

    private void Answer(Wait wait)
    {
        var question = wait.Questions[_tape.Choose(wait.Questions.Count)];
        var choice = question.Choices.Count == 0 ? "" : question.Choices[_tape.Choose(question.Choices.Count)];
        if (choice == Rules.ChoiceRetry)
        {
            var call = _state.OpenCalls.Single(c => c.Question?.Id == question.Id);
            Retries[call.Intent!.Key] = Retries.GetValueOrDefault(call.Intent.Key) + 1;
        }

        Receive(SignalReceived.Answer, question.Id, choice);
        Append();
    }

    private void End(EntryPayload end)
    {
        Record(_state.Step, 0, 0, end);
        Append();
    }

    private void Receive(string kind, string? question, string? choice) =>
        Record(0, 0, 0, new SignalReceived(++_signals, $"{kind}/{_signals}", kind, question, choice, "because", "user:ada"));

    private void Record(int step, int call, int attempt, EntryPayload payload, Usage usage = default)
    {
        _now += TimeSpan.FromSeconds(1);
        var entry = new Entry(_state.LastSeq + 1, step, call, attempt, payload, _now, _now, usage);
        _state.Apply(entry);
        _pending.Add(entry);
    }

    /// <summary>False when the process crashed before or after it: what was decided is of the past.</summary>
    private bool Append()
    {
        if (MayCrash())
        {
            return false;
        }

        Journal.AddRange(_pending);
        _pending.Clear();
        return !MayCrash();
    }

    /// <summary>A crash: what was not appended is forgotten, except signals, which are rows of their own.</summary>
    private bool MayCrash()
    {
        if (_crashed >= _crashes || !_tape.OneIn(10))
        {
            return false;
        }

        _crashed++;
        var signals = _pending.Select(e => e.Payload).OfType<SignalReceived>().ToList();
        _pending.Clear();
        _state = Fold(Journal);
        foreach (var signal in signals)
        {
            Record(0, 0, 0, signal);
        }

        return true;
    }
}
