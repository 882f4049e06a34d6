using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Groq;

/// <summary>Errors of Groq's own (https://console.groq.com/docs/errors).</summary>
internal static class GroqErrors
{
    private const int FlexCapacityExceeded = 498;

    public static (ModelErrorKind Kind, string Hint)? Judge(int status, ErrorBody error) => status switch
    {
        FlexCapacityExceeded => (ModelErrorKind.RateLimited, "Groq has no capacity for this service tier; wait, or use another tier."),
        400 when error.Speaks("tool_use_failed", "json_validate_failed") =>
            (ModelErrorKind.InvalidAnswer, "The model wrote a tool call or JSON that Groq could not read; try again, or use a larger model."),
        _ => null,
    };
}
