using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

/// <summary>
/// Executes a behaviour without an engine: carries out each decision at once, lets children end in an order that a seed gives, and keeps the
/// journal. Times are made up: an entry a second.
/// </summary>
internal sealed class Simulation(IBehaviour behaviour, string options, string input = "the task", int seed = 1)
{
    private readonly Random _random = new(seed);
    private readonly List<Entry> _entries = [];
    private readonly List<(int Entries, string Decision)> _taken = [];
    private DateTimeOffset _now = Journals.Start;

    /// <summary>What a child answers; null: it never ends. An answer that begins with <c>!</c> is a failure.</summary>
    public Func<ChildRequest, string?> Child { get; init; } = request => $"{request.Agent} did {request.Label}";

    /// <summary>What the model answers to a purpose and the text of the prompt's last part.</summary>
    public Func<string, string, string> Model { get; init; } = (purpose, _) => $"answer to {purpose}";

    public RunLimits Limits { get; init; } = new(1_000, 0, 900);

    public List<Decision> Decisions { get; } = [];

    public List<ChildRequest> Started { get; } = [];

    public List<CallModel> Calls { get; } = [];

    public int MostRunning { get; private set; }

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The labels of the children in the order in which they were started.</summary>
    public IEnumerable<string> Labels => Started.Select(s => s.Label);

    public string Output => Decisions[^1].ShouldBeOfType<Finish>().Output;

    public Fail Failure => Decisions[^1].ShouldBeOfType<Fail>();

    public Simulation Run()
    {
        for (var round = 0; round < 5_000; round++)
        {
            var state = Fold(_entries.Count);
            var decision = Rules.Next(behaviour, state);
            Decisions.Add(decision);
            _taken.Add((_entries.Count, Describe(decision)));
            switch (decision)
            {
                case Finish finish:
                    Add(0, 0, new RunCompleted(finish.Output));
                    return this;
                case Fail fail:
                    Add(0, 0, new RunFailed(fail.Reason, fail.Message, fail.Hint));
                    return this;
                case CallModel call:
                    Calls.Add(call);
                    var text = Model(call.Purpose ?? "", call.Prompt is [.., PromptText last] ? last.Text : "");
                    Add(call.Step, 0, new ModelAnswered(StoredText.Clean(text), [], "stop", "m", "p", "h", Reasoning: null) { Purpose = call.Purpose });
                    break;
                case StartChildren start:
                    foreach (var (i, child) in start.Children.Index())
                    {
                        Started.Add(child);
                        Add(start.Step, i, new ChildStarted(Id(start.Step, i), child.Agent, child.Label, child.Input));
                    }

                    MostRunning = Math.Max(MostRunning, Fold(_entries.Count).Children.Count(c => c.Ended is null));
                    EndSome(Fold(_entries.Count), atLeastOne: false);
                    break;
                case Wait wait:
                    if (!EndSome(state, atLeastOne: true))
                    {
                        _now = wait.Until ?? throw new InvalidOperationException("Waits for ever.");
                        Add(0, 0, new TimeReached(), later: false);
                    }

                    break;
                default:
                    throw new InvalidOperationException($"Nobody asked for {decision}.");
            }
        }

        throw new InvalidOperationException("It does not end.");
    }

    /// <summary>Asks for a retry and goes on.</summary>
    public Simulation Retry()
    {
        Add(0, 0, new SignalReceived(1, "retry/1", SignalReceived.Retry, QuestionId: null, Choice: null, Text: null, "user:ada"));
        return Run();
    }

    /// <summary>The state after so many entries.</summary>
    public RunState Fold(int entries)
    {
        var state = new RunState(Guid.Empty, Limits, Journals.Start, input, options);
        _entries.Take(entries).ToList().ForEach(state.Apply);
        return state;
    }

    /// <summary>Takes every decision again, from the journal as it is stored.</summary>
    public void Replay()
    {
        var stored = _entries.ConvertAll(e => e with { Payload = EntryJson.Read(e.Payload.Kind, EntryJson.Write(e.Payload)) });
        foreach (var (count, decision) in _taken)
        {
            var state = new RunState(Guid.Empty, Limits, Journals.Start, input, options);
            stored.Take(count).ToList().ForEach(state.Apply);
            Describe(Rules.Next(behaviour, state)).ShouldBe(decision);
        }
    }

    public static string Describe(Decision decision) => decision switch
    {
        StartChildren start => $"start {start.Step}: {string.Join(", ", start.Children)}",
        CallModel call => $"call {call.Step} {call.Purpose} {call.WithTools}: {string.Join(", ", (call.Prompt ?? []).Select(p => p is PromptTurn t ? $"turn {t.Turn.Step}" : p.ToString()))}",
        Wait wait => $"wait {wait.Until:O}",
        _ => decision.ToString(),
    };

    private bool EndSome(RunState state, bool atLeastOne)
    {
        var ended = false;
        var running = state.Children.Where(c => c.Ended is null).OrderBy(_ => _random.Next()).ToList();
        foreach (var child in running)
        {
            if ((!ended && atLeastOne || _random.Next(2) == 0) && Child(new ChildRequest(child.Started.Agent, child.Started.Input, child.Started.Label)) is { } answer)
            {
                var failed = answer.StartsWith('!');
                Add(child.Step, child.Call, new ChildEnded(
                    child.Started.Child,
                    child.Started.Agent,
                    child.Started.Label,
                    failed ? ChildEnded.Failed : ChildEnded.Completed,
                    failed ? null : StoredText.Clean(answer),
                    failed ? new CallFailure("broken", answer[1..], "Mend it.") : null));
                ended = true;
            }
        }

        return ended;
    }

    private void Add(int step, int call, EntryPayload payload, bool later = true)
    {
        _now = later ? _now.AddSeconds(1) : _now;
        _entries.Add(new Entry(_entries.Count + 1, step, call, 1, payload, _now, _now));
    }

    private static Guid Id(int step, int call) => new(step, (short)call, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
