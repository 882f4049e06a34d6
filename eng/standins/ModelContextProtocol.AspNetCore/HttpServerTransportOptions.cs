using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore;

/// <summary>How <c>MapMcp</c> serves.</summary>
public class HttpServerTransportOptions
{
    internal static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(2);
    internal const int MaxIdleSessionCount = 10_000;

    /// <summary>Makes the options of a session, or of a single request where there are no sessions.</summary>
    public Func<HttpContext, McpServerOptions, CancellationToken, Task>? ConfigureSessionOptions { get; set; }

    /// <summary>What is remembered between requests; nothing unless set.</summary>
    public HttpServerSessionMode SessionMode { get; set; } = HttpServerSessionMode.Stateless;

    /// <summary>Whether nothing is remembered.</summary>
    public bool Stateless
    {
        get => SessionMode is HttpServerSessionMode.Stateless;
        set => SessionMode = value ? HttpServerSessionMode.Stateless : HttpServerSessionMode.Stateful;
    }

    /// <summary>The clock that idle sessions are measured by.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
