using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Minion.Server.InProcess;

/// <summary>Lets a service of this process call another one of it.</summary>
internal static class InProcessCalls
{
    /// <summary>Makes Kestrel listen for this process, besides its ports.</summary>
    public static void ListenInProcess(this WebApplicationBuilder builder)
    {
        var transport = new InProcessTransport();
        builder.Services.AddSingleton(transport);
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(transport.EndPoint, listen => listen.Protocols = HttpProtocols.Http2));
    }

    /// <summary>Whether it does.</summary>
    public static bool ListensInProcess(this WebApplicationBuilder builder) => builder.Services.Any(s => s.ServiceType == typeof(InProcessTransport));

    /// <summary>Makes a client's connections lead to this process, whatever its address says.</summary>
    public static void ConnectInProcess(this IHttpClientBuilder client) => client
        .RemoveAllLoggers()
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(provider =>
        {
            var transport = provider.GetRequiredService<InProcessTransport>();
            return new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                EnableMultipleHttp2Connections = true,
                ConnectCallback = (_, _) => new ValueTask<Stream>(transport.Connect()),
            };
        });
}
