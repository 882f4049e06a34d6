using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>Gemini's errors: Google's status beside the number (https://ai.google.dev/gemini-api/docs/troubleshooting, https://google.aip.dev/193).</summary>
internal static class GeminiErrors
{
    public static (ModelErrorKind Kind, string Hint)? Judge(int status, ErrorBody error) => status switch
    {
        400 when error.Reasons.Contains("API_KEY", StringComparison.Ordinal) || error.Speaks("API key not valid", "API key expired", "API key not found") =>
            (ModelErrorKind.BadKey, ""),
        400 when error.Speaks("exceeds the maximum number of tokens", "input token count", "request payload size exceeds") =>
            (ModelErrorKind.ContextOverflow, "Shorten the conversation, or use a model with a larger context."),
        404 when error.Speaks("models/", "tunedModels/", "model") =>
            (ModelErrorKind.UnknownModel, "Is the model's name right, and does this version of the API have it?"),
        400 when error.Type == "FAILED_PRECONDITION" && error.Speaks("billing", "location") =>
            (ModelErrorKind.BadKey, ""),
        _ => null,
    };
}
