using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>How a member is asked: how often again when it fails, and how long it may take.</summary>
internal sealed record MemberPolicy(int Retries = 0, TimeSpan? Timeout = null)
{
    /// <summary>The part of the run's time after which a member is given up that the run could go on without, where nobody says how long.</summary>
    private const double DefaultPart = 0.5;

    public const int MostRetries = 5;
    public static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);

    /// <summary>The policy for a member that the run can go on without: one that hangs leaves time for the rest.</summary>
    public MemberPolicy OrDefault(RunState state) => Timeout is null && state.Limits.TimeoutSeconds > 0 ? this with { Timeout = state.Limits.Timeout * DefaultPart } : this;

    /// <summary>Reads <c>retries</c> and <c>timeout</c>.</summary>
    public static MemberPolicy Read(OptionsReader reader, string timeout = "timeout") =>
        new(reader.Whole("retries", 0, 0, MostRetries), reader.Duration(timeout, LeastTimeout, LongestTimeout));
}

/// <summary>
/// One look at a journal: a behaviour asks for the results of its parts, and what has none is noted as wanted; <see cref="Decide"/> makes a
/// decision of that. Children are known by their labels, answers of the own model by their purposes.
/// </summary>
internal sealed class Progress
{
    private const int DefaultTurns = 50;
    private const int LongestKept = 180;
    private readonly RunState _state;
    private readonly Dictionary<string, List<ChildState>> _children = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Turn>> _turns = new(StringComparer.Ordinal);
    private readonly List<ChildRequest> _wanted = [];
    private readonly HashSet<ChildState> _givenUp = [];
    private CallModel? _call;
    private DateTimeOffset? _until;

    public Progress(RunState state)
    {
        _state = state;
        foreach (var child in state.Children)
        {
            (_children.TryGetValue(child.Started.Label, out var list) ? list : _children[child.Started.Label] = []).Add(child);
        }

        foreach (var turn in state.Turns.Where(t => t.Answer.Purpose is not null))
        {
            (_turns.TryGetValue(turn.Answer.Purpose!, out var list) ? list : _turns[turn.Answer.Purpose!] = []).Add(turn);
        }
    }

    public RunState State => _state;

    /// <summary>The result of a member as far as it is known; null when it is to be started, for the first time or again.</summary>
    /// <param name="label">The child's label.</param>
    /// <param name="policy">How often and how long.</param>
    /// <param name="settled">The run has gone on since, so that a retry leaves what failed as it is.</param>
    public Outcome? Look(string label, MemberPolicy policy, bool settled = false)
    {
        var counted = _children.GetValueOrDefault(Bounded(label), []).FindAll(c =>
            settled || c.Step > _state.RetriedAfterStep || (!IsTooLate(c, policy) && c.Ended is null or { Status: ChildEnded.Completed }));
        var failures = 0;
        Failed? failure = null;
        foreach (var child in counted)
        {
            failure = null;
            if (IsTooLate(child, policy))
            {
                _givenUp.Add(child);
                failure = TimedOut(child, policy.Timeout!.Value);
            }
            else if (child.Ended is null)
            {
                if (policy.Timeout is { } limit && (_until is null || _until > child.StartedAt + limit))
                {
                    _until = child.StartedAt + limit;
                }

                return Outcome.Pending;
            }
            else if (child.Ended.Status == ChildEnded.Completed)
            {
                return new Done(child.Ended.Output ?? "");
            }
            else
            {
                failure = new Failed(child.Ended.Failure ?? new CallFailure(child.Ended.Status, $"The agent '{child.Started.Agent}' ended without an answer.", ""));
            }

            failures++;
        }

        return failure is null || (failures <= policy.Retries && !settled) ? null : failure;
    }

    /// <summary>The result of a member; it is started when it has not been.</summary>
    public Outcome Member(string label, string agent, string input, MemberPolicy policy)
    {
        if (Look(label, policy) is { } known)
        {
            return known;
        }

        if (string.IsNullOrWhiteSpace(input))
        {
            return new Failed("empty_input", $"There is nothing to ask the agent '{agent}' as '{label}': its input is empty.", "Look at what the stages before it gave.");
        }

        _wanted.Add(new ChildRequest(agent, StoredText.Clean(input), Bounded(label)));
        return Outcome.Pending;
    }

    /// <summary>What the own model answers; it is called when it has not been, and again with the results of the tools that it asks for.</summary>
    /// <param name="purpose">What for; unique within the run.</param>
    /// <param name="prompt">What it is given; made only when it is called.</param>
    /// <param name="withTools">Whether it may call tools.</param>
    /// <param name="mostTurns">Model calls, at most.</param>
    /// <param name="isUseful">Whether an answer is of use: one from before a retry that is not is asked for again.</param>
    /// <param name="settled">The run has gone on since, so that a retry leaves what failed as it is.</param>
    public Outcome Ask(
        string purpose,
        Func<IReadOnlyList<PromptPart>> prompt,
        bool withTools = false,
        int mostTurns = DefaultTurns,
        Func<string, bool>? isUseful = null,
        bool settled = false)
    {
        purpose = Bounded(purpose);
        var turns = _turns.GetValueOrDefault(purpose, []).FindAll(t => settled || t.Step > _state.RetriedAfterStep || t.Calls.Count > 0 || IsUseful(t, isUseful));
        if (turns is [.., { Calls.Count: 0 } last])
        {
            return Answers.Finish(last.Answer) switch
            {
                Finish finish => new Done(finish.Output),
                Fail fail => new Failed(fail.Reason, fail.Message, fail.Hint),
                _ => throw new InvalidOperationException("An answer ends a part with a result or without."),
            };
        }

        if (turns.Count(t => settled || t.Step > _state.RetriedAfterStep) >= mostTurns)
        {
            return new Failed(
                "too_many_turns",
                string.Create(CultureInfo.InvariantCulture, $"The model called tools {mostTurns} times for '{purpose}' and gave no answer."),
                "Ask for less at once, or allow more.");
        }

        _call ??= new CallModel(_state.Step + 1, withTools) { Purpose = purpose, Prompt = [.. prompt(), .. turns.Select(t => new PromptTurn(t))] };
        return Outcome.Pending;
    }

    /// <summary>The newest answer for a purpose, to show it to the model again.</summary>
    public Turn? LastTurn(string purpose) => _turns.GetValueOrDefault(purpose, []).LastOrDefault();

    /// <summary>What the run does now, when all of it is as far as <paramref name="whole"/>.</summary>
    public Decision Decide(Outcome whole, int mostParallel)
    {
        switch (whole)
        {
            case Done done when string.IsNullOrWhiteSpace(done.Text):
                return new Fail("empty_answer", "The parts of the run are done, and there is nothing in their results.", "Look at the run's children: 'minion runs show' draws them.");
            case Done done:
                return new Finish(done.Text);
            case Failed { Failure: var failure }:
                return new Fail(failure.Kind, failure.Message, failure.Hint);
        }

        if (whole == Outcome.Skipped)
        {
            return new Fail("nothing_to_do", "Every part of the run was left out.", "Look at the conditions of its stages.");
        }

        var running = _state.Children.Count(c => c.Ended is null && !_givenUp.Contains(c));
        if (_wanted.Count > 0 && running < mostParallel)
        {
            return new StartChildren(_state.Step + 1, [.. _wanted.Take(mostParallel - running)]);
        }

        return _call is not null ? _call : new Wait { Until = _until };
    }

    private bool IsTooLate(ChildState child, MemberPolicy policy) =>
        policy.Timeout is { } timeout && (child.EndedAt ?? _state.Now) >= child.StartedAt + timeout;

    /// <summary>Names within names can grow; what is cut off is told apart by its hash.</summary>
    private static string Bounded(string name) => name.Length <= Sound.LongestWord
        ? name
        : string.Concat(name.AsSpan(0, LongestKept), "#", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8)));

    private static bool IsUseful(Turn turn, Func<string, bool>? isUseful) =>
        Answers.Finish(turn.Answer) is Finish finish && (isUseful is null || isUseful(finish.Output));

    private static Failed TimedOut(ChildState child, TimeSpan timeout) => new(
        "timed_out", $"The agent '{child.Started.Agent}' gave no answer within {Yaml.DurationText.Format(timeout)}.", "Raise the timeout, or ask for less at once.");
}
