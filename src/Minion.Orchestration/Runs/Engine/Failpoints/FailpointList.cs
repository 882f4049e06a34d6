namespace Minion.Orchestration.Runs.Engine.Failpoints;

/// <summary>A place where a process may be killed on purpose.</summary>
/// <param name="Name">As it is armed and recorded.</param>
/// <param name="Meaning">What is durable there, and what is not.</param>
/// <param name="IsPeriodic">Passed again and again also while nothing happens.</param>
internal sealed record FailpointInfo(string Name, string Meaning, bool IsPeriodic = false);

/// <summary>
/// All failpoints: the boundaries of every commit, and the moments between an effect and its record. An append is passed under
/// <c>append.before.</c> or <c>append.after.</c> with what it brings (<see cref="AppendKind"/>).
/// </summary>
internal static class FailpointList
{
    public const string SubmitBefore = "submit.before";
    public const string SubmitAfter = "submit.after";
    public const string ClaimBefore = "claim.before";
    public const string ClaimAfter = "claim.after";
    public const string AppendBefore = "append.before.";
    public const string AppendAfter = "append.after.";
    public const string ModelBefore = "model.before";
    public const string ModelAfter = "model.after";
    public const string ToolBefore = "tool.before";
    public const string ToolAfter = "tool.after";
    public const string SignalBefore = "signal.before";
    public const string SignalAfter = "signal.after";
    public const string AnswerBefore = "answer.before";
    public const string AnswerAfter = "answer.after";
    public const string ExpiryBefore = "expiry.before";
    public const string ExpiryAfter = "expiry.after";
    public const string TimersBefore = "timers.before";
    public const string TimersAfter = "timers.after";
    public const string CancelTreeBefore = "cancel_tree.before";
    public const string CancelTreeAfter = "cancel_tree.after";
    public const string RegisterBefore = "register.before";
    public const string RegisterAfter = "register.after";
    public const string HeartbeatBefore = "heartbeat.before";
    public const string HeartbeatAfter = "heartbeat.after";
    public const string ReapBefore = "reap.before";
    public const string ReapAfter = "reap.after";
    public const string ReleaseBefore = "release.before";
    public const string ReleaseAfter = "release.after";
    public const string HandBackBefore = "hand_back.before";
    public const string HandBackAfter = "hand_back.after";
    public const string DrainBegun = "drain.begun";
    public const string LeaveBefore = "leave.before";
    public const string LeaveAfter = "leave.after";

    public static IReadOnlyList<FailpointInfo> All { get; } =
    [
        new(SubmitBefore, "A run was asked for; nothing is written."),
        new(SubmitAfter, "The run is durable; the client has no answer, and the worker has not begun."),
        new(ClaimBefore, "Ready runs are about to be claimed.", IsPeriodic: true),
        new(ClaimAfter, "Runs are claimed; their worker has not read them."),
        .. AppendKind.All.SelectMany(k => new FailpointInfo[]
        {
            new(AppendBefore + k.Name, $"{k.Meaning} is about to be committed."),
            new(AppendAfter + k.Name, $"{k.Meaning} is durable; the executor has not heard of it."),
        }),
        new(ModelBefore, "A model is about to be called."),
        new(ModelAfter, "A model has answered; the answer is in memory only."),
        new(ToolBefore, "A tool is about to be called; the intent, where there is one, is durable."),
        new(ToolAfter, "A tool has returned; its outcome is in memory only."),
        new(SignalBefore, "A signal has arrived at the service; nothing is written."),
        new(SignalAfter, "The signal is durable; the sender has no answer, and nobody was woken."),
        new(AnswerBefore, "A person's answer has arrived at the service; nothing is written."),
        new(AnswerAfter, "The answer and its signal are durable; the person has no answer, and nobody was woken."),
        new(ExpiryBefore, "The time of a question is over; its item is open."),
        new(ExpiryAfter, "The item is closed, or somebody else's; the run's journal does not say so."),
        new(TimersBefore, "Runs whose time has come are about to be looked for.", IsPeriodic: true),
        new(TimersAfter, "Runs whose time has come are ready; nobody has claimed them."),
        new(CancelTreeBefore, "A run is asked to stop; those below it are not."),
        new(CancelTreeAfter, "All runs of a tree are asked to stop; nobody was woken."),
        new(RegisterBefore, "The worker is about to register."),
        new(RegisterAfter, "The worker is registered and holds nothing."),
        new(HeartbeatBefore, "A heartbeat is about to be sent.", IsPeriodic: true),
        new(HeartbeatAfter, "A heartbeat is durable.", IsPeriodic: true),
        new(ReapBefore, "Dead workers are about to be looked for.", IsPeriodic: true),
        new(ReapAfter, "Dead workers are deleted; their runs are still theirs."),
        new(ReleaseBefore, "Runs of dead workers are about to be looked for.", IsPeriodic: true),
        new(ReleaseAfter, "The runs of dead workers are ready; nobody was woken."),
        new(HandBackBefore, "Runs that the worker does not know are about to be handed back."),
        new(HandBackAfter, "Runs that the worker does not know are ready again."),
        new(DrainBegun, "A stop was asked for; runs are still held."),
        new(LeaveBefore, "All runs are handed back; the worker is about to leave."),
        new(LeaveAfter, "The worker's row is gone; what it still held is nobody's yet."),
    ];
}
