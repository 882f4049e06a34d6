using System.Globalization;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;

namespace Minion.Orchestration.Runs.History;

/// <summary>Decisions and entries in words, as a divergence shows them.</summary>
internal static class Decisions
{
    public static string Describe(Decision decision) => decision switch
    {
        CallModel call => Invariant($"call the model in step {call.Step}{(call.Purpose is { } purpose ? $" for {purpose}" : "")}{(call.WithTools ? "" : ", without tools")}"),
        CallTools calls => $"call {Calls(calls.Calls)}",
        HelpCall help => $"have the model answer what {Calls([help.Call])} needs",
        StartChildren children => Invariant($"start in step {children.Step}: {string.Join(", ", children.Children.Select(c => $"{c.Label} ({c.Agent}): {Short(c.Input)}"))}"),
        Ask ask => $"ask a person about {Calls(ask.Calls)}",
        Settle settle => $"record what was decided of {Calls([settle.Call])}",
        Expire expire => $"end the time of the question about {Calls(expire.Calls)}",
        Wait => "wait",
        Finish finish => $"end with: {Short(finish.Output)}",
        Fail fail => $"fail ({fail.Reason}): {Short(fail.Message)}",
        Stop => "stop",
        _ => decision.GetType().Name,
    };

    public static string Describe(Entry entry) => entry.Payload switch
    {
        ModelAnswered answer => Invariant($"called the model in step {entry.Step}{(answer.Purpose is { } purpose ? $" for {purpose}" : "")}"),
        CallIntended intent => Invariant($"was about to call {intent.Tool} ({entry.Step}.{entry.Call})"),
        CallReturned { DecidedBy: not CallReturned.ByTool } outcome => Invariant($"recorded what was decided of {outcome.Tool} ({entry.Step}.{entry.Call})"),
        CallReturned outcome => Invariant($"called {outcome.Tool} ({entry.Step}.{entry.Call})"),
        InputAsked input => Invariant($"was told what {input.Tool} needs ({entry.Step}.{entry.Call})"),
        ModelHelped helped => Invariant($"had the model answer what {helped.Tool} needs ({entry.Step}.{entry.Call})"),
        AttemptFailed => Invariant($"made a call in step {entry.Step}, which failed"),
        QuestionAsked question => Invariant($"asked a person about {question.Tool} ({entry.Step}.{entry.Call})"),
        ChildStarted child => Invariant($"started {child.Label} ({child.Agent}) in step {entry.Step}: {Short(child.Input)}"),
        RunCompleted completed => $"ended with: {Short(completed.Output)}",
        RunFailed failed => $"failed ({failed.Reason}): {Short(failed.Message)}",
        RunCancelled => "stopped",
        _ => entry.Payload.Kind,
    };

    private static string Calls(IReadOnlyList<CallState> calls) =>
        string.Join(", ", calls.Select(c => Invariant($"{c.Request.Tool} ({c.Step}.{c.Request.Call})")));

    private static string Short(string text) => text.Length <= 200 ? text : LongTextJson.Head(text)[..200] + "…";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
