namespace Minion.Models.Providers.Http;

/// <summary>
/// The connections of all endpoints, shared by every call. Timeouts and retries are the gateway's. Redirects are not followed: they would
/// turn a POST into a GET and could carry the key elsewhere.
/// </summary>
internal static class Connections
{
    private static readonly SocketsHttpHandler Remote = Handler(useProxy: true);
    private static readonly SocketsHttpHandler Local = Handler(useProxy: false);

    // An invoker and not a client: it makes no buffer, no timer and no linked token for each request.
    private static readonly HttpMessageInvoker RemoteInvoker = new(Remote);
    private static readonly HttpMessageInvoker LocalInvoker = new(Local);

    public static HttpMessageInvoker To(Uri address) => address.IsLoopback ? LocalInvoker : RemoteInvoker;

    /// <summary>The same connections below a handler of the caller's.</summary>
    public static SocketsHttpHandler HandlerFor(Uri address) => address.IsLoopback ? Local : Remote;

    private static SocketsHttpHandler Handler(bool useProxy) => new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = useProxy,
    };
}
