using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Mistral;

/// <summary>Errors of Mistral's own: a type and a number beside the message.</summary>
internal static class MistralErrors
{
    private const string InvalidModel = "1500";
    private const string PromptTooLong = "3051";

    public static (ModelErrorKind Kind, string Hint)? Judge(int status, ErrorBody error) => status switch
    {
        400 or 404 when error.Code == InvalidModel || error.Type == "invalid_model" =>
            (ModelErrorKind.UnknownModel, "Is the model's name right, and does the account have it? Mistral lists its models at docs.mistral.ai."),
        400 or 422 when error.Code == PromptTooLong || error.Speaks("too large for model") =>
            (ModelErrorKind.ContextOverflow, "Shorten the conversation, or use a model with a larger context."),
        403 when error.Speaks("moderation", "guardrail") => (ModelErrorKind.Refused, "Ask differently, or use another model."),
        _ => null,
    };
}
