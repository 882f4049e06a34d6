using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minion.Models.Pipeline;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Routing;

/// <summary>One call's way through its candidates.</summary>
internal sealed class Walk(
    ChatRequest request, RoutePlan plan, NextStage next, CandidateList list, MinionTelemetry telemetry, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan UsualFirstPart = TimeSpan.FromSeconds(1);

    private readonly List<Candidate> _left = [.. plan.Candidates];
    private readonly List<string> _tried = [];
    private readonly List<ModelException> _errors = [];

    /// <summary>Whether another model may succeed where this error came from.</summary>
    public static bool GoesOn(ModelException error) => error.Retryable
        || error.Kind is ModelErrorKind.BadKey or ModelErrorKind.UnknownModel or ModelErrorKind.WrongEndpoint or ModelErrorKind.ContextOverflow;

    /// <summary>The first answer that begins (or, where poor ones are thrown away, the first good one).</summary>
    /// <exception cref="ModelException">None does; the message names what was tried.</exception>
    public async Task<IAsyncEnumerator<ChatResponseUpdate>> OpenAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ChatResponseUpdate>? poor = null;
        Candidate? poorOf = null;
        while (_left.Count > 0)
        {
            var candidate = _left[0];
            _left.RemoveAt(0);
            try
            {
                var answer = await OpenedAnswer.OpenAsync(request, next(RequestFor(candidate), cancellationToken), cancellationToken);
                if (!plan.Escalates)
                {
                    Answers(candidate);
                    return Rest(answer).GetAsyncEnumerator(cancellationToken);
                }

                var whole = await ReadAsync(answer);
                if (await WhyPoorAsync(whole, cancellationToken) is not { } why || !Climb(candidate))
                {
                    Answers(candidate);
                    return whole.ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
                }

                (poor, poorOf) = (whole, candidate);
                Escalated(candidate, why);
            }
            catch (ModelException error)
            {
                if (!Next(candidate, error))
                {
                    if (poor is null)
                    {
                        throw _tried.Count > 1 && GoesOn(error) ? NobodyAnswered() : error;
                    }

                    _left.Clear();
                }
            }
        }

        // A poor answer is better than none.
        Answers(poorOf!);
        return poor!.ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
    }

    private ChatRequest RequestFor(Candidate candidate) => request with
    {
        Definition = candidate.Definition,
        NextCandidate = _left.Count > 0 ? _left[0].Health.FirstPart ?? UsualFirstPart : null,
    };

    /// <summary>Notes the failure; whether the next one is asked. What was tried stays known.</summary>
    private bool Next(Candidate candidate, ModelException error)
    {
        _tried.Add($"{candidate.Name} ({error.Reason}: {error.Message})");
        _errors.Add(error);
        plan.Route?.Tried.Add($"{candidate.Name} ({error.Reason})");
        if (error.Kind == ModelErrorKind.Refused && plan.Escalates && Climb(candidate))
        {
            Escalated(candidate, "refusal");
            return true;
        }

        if (error.Kind == ModelErrorKind.ContextOverflow)
        {
            _left.RemoveAll(c => c.Definition.ContextWindow <= candidate.Definition.ContextWindow);
        }
        else if (error.Kind is ModelErrorKind.Unavailable or ModelErrorKind.TimedOut)
        {
            // Only those who stand in for it equally change places.
            var others = Ordering.OthersFirst(_left.Where(IsWanted), candidate).Concat(_left.Where(c => !IsWanted(c))).ToList();
            _left.Clear();
            _left.AddRange(others);
        }

        if (GoesOn(error) && _left.Count > 0 && !(request.Call.Deadline <= time.GetUtcNow()))
        {
            telemetry.CountFailover($"{candidate.Definition.Provider}/{candidate.Definition.Model}", error.Reason.ToLowerInvariant());
            LogMessages.FailingOver(logger, candidate.Name, _left[0].Name, error.Message);
            return true;
        }

        if (plan.Route is { } route)
        {
            (route.Model, route.Provider) = (candidate.Name, candidate.Definition.Provider);
        }

        return false;
    }

    private bool IsWanted(Candidate candidate) => plan.Wanted is not { } tier || candidate.Tier >= tier;

    /// <summary>Leaves only higher tiers; false, and all as it was, when there are none.</summary>
    private bool Climb(Candidate candidate)
    {
        if (!_left.Exists(c => c.Tier > candidate.Tier))
        {
            return false;
        }

        var higher = _left.Where(c => c.Tier > candidate.Tier).OrderBy(c => c.Tier).ToList();
        _left.Clear();
        _left.AddRange(higher);
        return true;
    }

    private void Escalated(Candidate candidate, string why)
    {
        plan.Route!.Escalated = true;
        plan.Route.Tried.Add($"{candidate.Name} (poor answer: {why})");
        telemetry.CountEscalation($"{candidate.Definition.Provider}/{candidate.Definition.Model}", why);
        LogMessages.Escalating(logger, candidate.Name, why, _left[0].Name);
    }

    private void Answers(Candidate candidate)
    {
        if (plan.Route is { } route)
        {
            (route.Model, route.Provider) = (candidate.Name, candidate.Definition.Provider);
            route.Degraded = route.Escalated ? null : plan.Degradation(candidate);
        }
    }

    private async Task<string?> WhyPoorAsync(IReadOnlyList<ChatResponseUpdate> answer, CancellationToken cancellationToken)
    {
        var response = answer.ToChatResponse();
        if (PoorAnswer.Why(response, request.Options?.ResponseFormat is ChatResponseFormatJson) is { } why)
        {
            return why;
        }

        return plan.Router!.Judge is { } name && response.Text.Length > 0
            && (await list.FindAsync([name], request.Call, cancellationToken)).Found is [var judge]
            && await AnswerJudge.FindsPoorAsync(request, plan.Router, judge, response, next, cancellationToken) ? "judged" : null;
    }

    private ModelException NobodyAnswered()
    {
        var limited = _errors.TrueForAll(e => e.Kind == ModelErrorKind.RateLimited);
        return new ModelException(
            limited ? ModelErrorKind.RateLimited : ModelErrorKind.Unavailable,
            $"No model answered. Tried: {string.Join("; ", _tried)}",
            "Try again later, or give more candidates that are of other providers.",
            _errors.Min(e => e.RetryAfter),
            _errors[^1]);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Rest(OpenedAnswer answer)
    {
        await using (answer)
        {
            do
            {
                yield return answer.Current;
            }
            while (await answer.MoveNextAsync());
        }
    }

    private static async Task<IReadOnlyList<ChatResponseUpdate>> ReadAsync(OpenedAnswer answer)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in Rest(answer))
        {
            updates.Add(update);
        }

        return updates;
    }
}
