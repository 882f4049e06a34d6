namespace Minion.Models.Providers.Http;

/// <summary>What an error status and its body mean at one provider; null for what they usually mean.</summary>
internal delegate (ModelErrorKind Kind, string Hint)? RejectionJudge(int status, ErrorBody error);

/// <summary>What an error status and its body mean.</summary>
internal static class Rejection
{
    public static (ModelErrorKind Kind, string Hint) Judge(int status, ErrorBody error) => status switch
    {
        _ when error.Speaks("context_length_exceeded", "context length", "context window", "maximum context", "prompt is too long", "too many tokens") =>
            (ModelErrorKind.ContextOverflow, "Shorten the conversation, or use a model with a larger context."),
        _ when error.Speaks("content_filter", "content_policy", "content management policy") =>
            (ModelErrorKind.Refused, "Ask differently, or use another model."),
        402 => (ModelErrorKind.OverBudget, NoCredit),
        429 when error.Speaks("insufficient_quota", "exceeded your current quota", "billing") => (ModelErrorKind.OverBudget, NoCredit),
        429 => (ModelErrorKind.RateLimited, "Wait a little, or raise the limit at the endpoint."),
        401 or 403 => (ModelErrorKind.BadKey, ""),
        400 or 404 or 422 when error.Speaks("model_not_found", "model not found", "unknown model", "invalid model", "no such model")
            || (status == 404 && error.Speaks("model")) =>
            (ModelErrorKind.UnknownModel, "Is the model's name right, and is it installed there (with Ollama: ollama pull)?"),
        404 or 405 or (>= 300 and < 400) => (ModelErrorKind.WrongEndpoint, ""),
        408 => (ModelErrorKind.TimedOut, "The endpoint itself gave up; try again, or use a faster model."),
        413 => (ModelErrorKind.ContextOverflow, "Shorten the conversation; the endpoint takes no request of this size."),
        409 or 425 or >= 500 => (ModelErrorKind.Unavailable, "The endpoint has trouble of its own; try again, and look at its log or status page."),
        _ => (ModelErrorKind.InvalidRequest, "The endpoint does not take this request: check the agent's settings and whether the model can call tools."),
    };

    private const string NoCredit = "The account at the endpoint has no credit left: add some, or use another model.";
}
