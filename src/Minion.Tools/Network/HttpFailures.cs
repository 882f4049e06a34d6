using System.Net.Http;

namespace Minion.Tools.Network;

/// <summary>What the model hears when a URL could not be fetched.</summary>
internal static class HttpFailures
{
    public static ToolFailure Of(HttpRequestException exception, Uri url) => exception switch
    {
        { InnerException: AddressRefusedException } => ToolOutcome.Failed(
            $"'{url.IdnHost}' is, or leads to, an address inside a private network or of this machine.",
            "Only public addresses are fetched. Who runs the server can allow others with Tools:Network:Allow."),
        { HttpRequestError: HttpRequestError.NameResolutionError } => ToolOutcome.Failed(
            $"The host '{url.IdnHost}' is not known.", "Check the spelling of the URL."),
        { HttpRequestError: HttpRequestError.SecureConnectionError } => ToolOutcome.Failed(
            $"No secure connection to '{url.IdnHost}' could be made.", "Its certificate may be wrong; try another site."),
        _ => ToolOutcome.FailedForNow(
            $"'{url.IdnHost}' could not be reached, or ended the connection.", "Try again later, or try another site."),
    };
}
