namespace Minion.Tools.Network;

/// <summary>Which URLs may be fetched at all; where they lead is checked when connecting.</summary>
internal static class Urls
{
    /// <summary>The failure, or null and the URL.</summary>
    public static ToolFailure? Check(string text, out Uri url)
    {
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var parsed);
        url = parsed!;
        return isUrl ? Check(url) : Refuse($"'{text}' is no URL.", "Give a whole URL, for example https://example.com/page.");
    }

    /// <summary>The failure, or null.</summary>
    public static ToolFailure? Check(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
        {
            return Refuse($"The URL's scheme is '{url.Scheme}'; only http and https are fetched.", "Use an http or https URL.");
        }

        if (url.UserInfo.Length > 0)
        {
            return Refuse("The URL holds a user name or password.", "Leave out what stands before the @.");
        }

        return url.IdnHost.Length == 0 ? Refuse("The URL names no host.", "Give a whole URL, for example https://example.com/page.") : null;
    }

    /// <summary>Whether both lead to the same server, so that headers may go along.</summary>
    public static bool SameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.IdnHost == b.IdnHost && a.Port == b.Port;

    private static ToolFailure Refuse(string message, string hint) => ToolOutcome.Failed(message, hint);
}
