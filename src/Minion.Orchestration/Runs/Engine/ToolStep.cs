using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;
using Minion.Orchestration.Runs.ToolConnections;
using Minion.ServiceDefaults.Callers;
using Polly.CircuitBreaker;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Makes one tool call of a run through the tool service.</summary>
internal sealed class ToolStep(ToolConnection connection, CallerSigner signer, TimeProvider time, ILogger<ToolStep> logger, ModelSpending spending, EngineToolSet engineTools, Outages outages)
{
    private const int MaxAttempts = 4;
    private const int DeepestArguments = 64;

    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the call changes something, so that its intent is written before it is made.</summary>
    public bool NeedsIntent(RunContext context, CallState call) =>
        call.Input?.IsDenied != true && context.Tools.Find(call.Request.Tool) is { Effect: not ToolEffect.ReadOnly };

    public Entry Intent(HeldRun held, RunContext context, CallState call)
    {
        var now = time.GetStoredNow();
        var repeatable = context.Tools.Find(call.Request.Tool)!.Effect == ToolEffect.Idempotent;
        var intent = new CallIntended(call.Request.Tool, call.Arguments, call.Key(held.Run.Id), repeatable);
        return new Entry(0, call.Step, call.Request.Call, call.Attempts + 1, intent, now, now);
    }

    /// <summary>
    /// Makes the call. Returns its outcome, or what it needs before it can go on, or null when it is not known whether a call that changes something took effect: it stays an intent
    /// without an outcome, and a person decides.
    /// </summary>
    public async Task<Entry?> CallAsync(HeldRun held, RunContext context, CallState call, CancellationToken ct)
    {
        var started = time.GetStoredNow();
        if (context.Tools.Find(call.Request.Tool) is not { } tool)
        {
            return Outcome(call, started, failure: new CallFailure(
                "unknown_tool",
                $"There is no tool '{call.Request.Tool}' for this agent.",
                $"Use one of: {string.Join(", ", context.Tools.Tools.Select(t => t.Name))}."));
        }

        if (engineTools.FindEffect(tool.Name) is { } own)
        {
            if (StoredJson.ProblemOfArguments(call.Arguments, DeepestArguments) is { } problem)
            {
                return Outcome(call, started, failure: new CallFailure("invalid_arguments", $"The arguments cannot be read: what was sent {problem}", "Call it with a JSON object."));
            }

            var made = new EngineCall(held.Caller, held.Run, call.Request with { Arguments = call.Arguments }, call.Key(held.Run.Id)) { IsTainted = held.State.IsTainted };
            var done = await outages.WaitOutAsync(held, () => own.CallAsync(made, ct), ct);
            return new Entry(0, call.Step, call.Request.Call, Math.Max(1, call.Attempts), done, started, time.GetStoredNow());
        }

        // A call that was not allowed changes nothing: it is made to be recorded.
        var effect = call.Input?.IsDenied == true ? ToolEffect.ReadOnly : tool.Effect;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var request = Request(held, context, call);
                var deadline = Earlier(held.Run.Deadline, time.GetStoredNow() + LongestCall);
                Failpoint.Hit(FailpointList.ToolBefore);
                var answer = await connection.CallAsync(
                    request, signer.Headers(held.Caller, "tools"), deadline.UtcDateTime, text => held.Say(call.Step, call.Request.Call, tool.Name, text), ct);
                Failpoint.Hit(FailpointList.ToolAfter);
                if (answer.Failure is { Undecided: true } unknown)
                {
                    EngineLog.ToolCallUndecided(logger, tool.Name, held.Run.Id, unknown.Message);
                    return null;
                }

                return answer.OutcomeCase switch
                {
                    CallToolResponse.OutcomeOneofCase.Result =>
                        await PaidAsync(held, ToolOutcomes.Of(call, Outcome(call, started, StoredText.Clean(answer.Result), whole: WholeOf(answer)), answer), answer, ct),
                    CallToolResponse.OutcomeOneofCase.InputRequired when ToolInputs.Refusal(call, answer.InputRequired) is { } refusal =>
                        Outcome(call, started, failure: refusal),
                    CallToolResponse.OutcomeOneofCase.InputRequired => new Entry(
                        0, call.Step, call.Request.Call, Math.Max(1, call.Attempts), ToolInputs.Read(call.Request.Tool, answer.InputRequired), started, time.GetStoredNow()),
                    _ => ToolOutcomes.Of(call, Outcome(call, started, failure: Failure(answer.Failure)), answer),
                };
            }
            catch (RpcException error) when (ct.IsCancellationRequested)
            {
                throw new OperationCanceledException(error.Message, error, ct);
            }
            catch (BrokenCircuitException)
            {
                return Outcome(call, started, failure: new CallFailure(
                    "unavailable",
                    $"The tool '{tool.Name}' was not called: the tool service has not answered for a while.",
                    "Go on without it, or say that it cannot be done now."));
            }
            catch (RpcException error) when (IsPassing(error.StatusCode) && (effect != ToolEffect.SideEffect || WasNotSent(error)) && attempt < MaxAttempts)
            {
                EngineLog.ToolCallRepeated(logger, tool.Name, held.Run.Id, attempt, error.Status.Detail);
                await Task.Delay(Pause * (1 << attempt), time, ct);
            }
            catch (RpcException error) when (effect == ToolEffect.SideEffect && !WasRefused(error.StatusCode) && !WasNotSent(error))
            {
                EngineLog.ToolCallUndecided(logger, tool.Name, held.Run.Id, error.Status.Detail);
                return null;
            }
            catch (RpcException error)
            {
                return Outcome(call, started, failure: new CallFailure(
                    "unavailable", $"The tool '{tool.Name}' could not be called: {error.Status.Detail}", "Try again, or go on without it."));
            }
        }
    }

    /// <summary>The outcome with what the tool costs, where it costs something.</summary>
    private async ValueTask<Entry> PaidAsync(HeldRun held, Entry outcome, CallToolResponse answer, CancellationToken ct)
    {
        var call = new ModelCall(held.Caller, held.Run.Agent, held.Run.Id, outcome.Step) { AgentVersion = held.Run.AgentVersion };
        var cost = await spending.RecordToolAsync(call, outcome.Payload.Name!, outcome.EndedAt - outcome.StartedAt, succeeded: true, ct, (decimal)Math.Clamp(answer.CostUsd, 0, 1_000_000));
        return cost == 0 ? outcome : outcome with { Usage = EntryRow.UsageOf(outcome.Payload, costUsd: cost) };
    }

    private static CallToolRequest Request(HeldRun held, RunContext context, CallState call) => new()
    {
        Name = ToolSelection.CallNameOf(context.Agent.Definition.Tools, call.Request.Tool),
        Arguments = call.Arguments,
        IdempotencyKey = call.Key(held.Run.Id),
        RunId = held.Run.Id.ToString(),
        Agent = held.Run.Agent,
        Step = call.Step,
        Call = call.Request.Call,
        Whole = true,
        SessionId = held.Run.SessionId?.ToString() ?? "",
        // What a crash interrupted is made again by itself only where the key suffices; anything else a person has decided.
        Again = call.Attempts > 1,
        Tainted = held.State.IsTainted,
        Capabilities = { context.Agent.Definition.Capabilities },
        Answers = { call.Input is { } input ? ToolInputs.Write(input) : [] },
        InputState = call.Input?.Asked.State ?? "",
    };

    private Entry Outcome(
        CallState call, DateTimeOffset started, string? result = null, CallFailure? failure = null, WholeResult? whole = null) => new(
        0,
        call.Step,
        call.Request.Call,
        Math.Max(1, call.Attempts),
        new CallReturned(call.Request.Tool, result, failure) { Whole = whole },
        started,
        time.GetStoredNow());

    private static WholeResult? WholeOf(CallToolResponse answer)
    {
        if (answer.WholeBytes == 0)
        {
            return null;
        }

        var text = answer.WholeResult.Length == 0 ? null : LongText.Of(answer.WholeResult);
        return new WholeResult(text?.HexHash ?? "", answer.WholeBytes) { Text = text, KeptId = answer.KeptId.Length == 0 ? null : answer.KeptId };
    }

    private static CallFailure Failure(Failure failure) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.Kind.ToString()), StoredText.Clean(failure.Message), StoredText.Clean(failure.Hint));

    private static bool IsPassing(StatusCode status) =>
        status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Internal or StatusCode.ResourceExhausted;

    /// <summary>Whether the service has said that it did not make the call.</summary>
    private static bool WasRefused(StatusCode status) =>
        status is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.PermissionDenied or StatusCode.Unauthenticated
            or StatusCode.Unimplemented or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.ResourceExhausted;

    /// <summary>Whether there was no connection to send the call over.</summary>
    private static bool WasNotSent(RpcException error) =>
        error.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
