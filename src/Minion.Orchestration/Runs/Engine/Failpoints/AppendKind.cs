using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine.Failpoints;

/// <summary>What an append brings, in one word: the most telling of its transition and entries.</summary>
internal sealed record AppendKind(string Name, string Meaning)
{
    private static readonly AppendKind End = new("end", "The end of a run");
    private static readonly AppendKind Wait = new("wait", "A wait");
    private static readonly AppendKind Release = new("release", "The return of a run for any worker to claim");
    private static readonly AppendKind Children = new("children", "The start of children");
    private static readonly AppendKind Child = new("child", "The end of a child, in its parent's journal,");
    private static readonly AppendKind Intent = new("intent", "The intent of a call");
    private static readonly AppendKind Outcome = new("outcome", "The outcome of a tool call");
    private static readonly AppendKind Answer = new("answer", "The answer of a model");
    private static readonly AppendKind Input = new("input", "What a call needs, or a model's answer to it,");
    private static readonly AppendKind Signal = new("signal", "A signal, in the journal,");
    private static readonly AppendKind Other = new("other", "Something else");

    public static IReadOnlyList<AppendKind> All { get; } = [End, Wait, Release, Children, Child, Intent, Outcome, Answer, Input, Signal, Other];

    public static AppendKind Of(Append append) => append.Transition switch
    {
        Transition.Complete or Transition.Fail or Transition.Cancel => End,
        Transition.Wait when !append.Entries.Any(e => e.Payload is ChildStarted) => Wait,
        Transition.Release => Release,
        _ => Of(append.Entries),
    };

    private static AppendKind Of(IReadOnlyList<Entry> entries)
    {
        bool Has<T>()
            where T : EntryPayload => entries.Any(e => e.Payload is T);
        return Has<ChildStarted>() ? Children
            : Has<ChildEnded>() ? Child
            : Has<CallIntended>() ? Intent
            : Has<CallReturned>() ? Outcome
            : Has<ModelAnswered>() ? Answer
            : Has<InputAsked>() || Has<ModelHelped>() ? Input
            : Has<SignalReceived>() ? Signal
            : Other;
    }
}
