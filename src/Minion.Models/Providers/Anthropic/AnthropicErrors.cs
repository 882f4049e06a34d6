using System.Text.Json;
using global::Anthropic.Exceptions;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Anthropic;

/// <summary>Anthropic's errors (https://platform.claude.com/docs/en/api/errors), and those of its package.</summary>
internal static class AnthropicErrors
{
    public static (ModelErrorKind Kind, string Hint)? Judge(int status, ErrorBody error) => (status, error.Type) switch
    {
        (400, _) when error.Speaks("credit balance is too low") =>
            (ModelErrorKind.OverBudget, "The account at the endpoint has no credit left: add some, or use another model."),
        (400, _) when error.Speaks("exceed context limit", "exceeds the context") =>
            (ModelErrorKind.ContextOverflow, "Shorten the conversation, or use a model with a larger context."),
        (404, "not_found_error") when error.Speaks("model") => (ModelErrorKind.UnknownModel, "Is the model's name right, and does the account have it?"),
        (529, _) => (ModelErrorKind.Unavailable, "Anthropic is overloaded; try again a little later, or use another model."),
        _ => null,
    };

    /// <summary>What an exception of the package means; null when it means nothing of its own.</summary>
    public static ModelException? Explain(Endpoint endpoint, Exception error) => error switch
    {
        AnthropicSseException failed => endpoint.Failed(WithStatus(ErrorBody.Read(Event(failed.Message)))),
        AnthropicInvalidDataException or JsonException => endpoint.Invalid($"is not as Anthropic writes it ({Texts.Shorten(error.Message, 120)})"),
        _ => null,
    };

    /// <summary>The package gives the event only within its own words.</summary>
    private static string Event(string message) =>
        message.IndexOf('{') is >= 0 and var start && message.LastIndexOf('}') is var end && end > start ? message[start..(end + 1)] : message;

    /// <summary>An error in the middle of a stream has no status, only the type that goes with one.</summary>
    private static ErrorBody WithStatus(ErrorBody error) => error with
    {
        Code = error.Type switch
        {
            "invalid_request_error" => "400",
            "authentication_error" => "401",
            "billing_error" => "402",
            "permission_error" => "403",
            "not_found_error" => "404",
            "request_too_large" => "413",
            "rate_limit_error" => "429",
            "timeout_error" => "504",
            "overloaded_error" => "529",
            _ => "500",
        },
    };
}
