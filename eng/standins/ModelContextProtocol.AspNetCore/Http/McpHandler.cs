using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Sessions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore.Http;

/// <summary>Streamable HTTP: one message for each POST, and the answer to it.</summary>
internal sealed class McpHandler(
    IOptions<HttpServerTransportOptions> options, ServerFactory servers, SessionTable sessions, ILoggerFactory loggers, IHostApplicationLifetime lifetime)
{
    private const string SessionHeader = "Mcp-Session-Id";

    private HttpServerSessionMode Mode => options.Value.SessionMode;

    private bool ServesModern => Mode is not HttpServerSessionMode.Stateful;

    public Task PostAsync(HttpContext context) => GuardAsync(context, async () =>
    {
        RequestReader.RequireAcceptsAnswers(context.Request);
        var message = await RequestReader.ReadAsync(context.Request, context.RequestAborted);
        var version = VersionOf(context.Request, message);
        message.Context = new JsonRpcMessageContext { User = context.User, ProtocolVersion = version };
        if (Versions.IsModern(version))
        {
            HeaderCheck.Require(context.Request, message);
            await AnswerAloneAsync(context, message, EventResponse.StatusOf);
        }
        else if (Mode is HttpServerSessionMode.Stateless)
        {
            await AnswerAloneAsync(context, message, statusOf: null);
        }
        else
        {
            await AnswerInSessionAsync(context, message);
        }
    });

    /// <summary>What the server says unasked, for as long as the client listens.</summary>
    public Task GetAsync(HttpContext context) => GuardAsync(context, async () =>
    {
        RequireLegacy(context);
        RequestReader.RequireAcceptsEvents(context.Request);
        var session = Find(context);
        if (!session.TryListen())
        {
            throw Refusal.Plain(StatusCodes.Status400BadRequest, "Bad Request: Only one GET request for each session; begin a new session to listen again.");
        }

        using var use = session.BeginUse();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, session.Ended);
        context.Response.Headers[SessionHeader] = session.Id;
        EventResponse.Begin(context);
        await session.Transport.HandleGetRequestAsync(context.Response.Body, end.Token);
    });

    /// <summary>The end of a session.</summary>
    public Task DeleteAsync(HttpContext context) => GuardAsync(context, async () =>
    {
        RequireLegacy(context);
        await sessions.RemoveAsync(Find(context));
    });

    private static async Task GuardAsync(HttpContext context, Func<Task> handle)
    {
        try
        {
            await handle();
        }
        catch (Refusal refusal)
        {
            await refusal.WriteAsync(context);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or its session has ended.
        }
    }

    private string? VersionOf(HttpRequest request, JsonRpcMessage message)
    {
        var version = Versions.OfHeader(request) ?? Versions.OfBody(message);
        return version is null || Versions.IsSupported(version, ServesModern)
            ? version
            : throw Refusal.UnsupportedVersion(message, version, Versions.Offered(ServesModern));
    }

    private static void RequireLegacy(HttpContext context)
    {
        if (Versions.IsModern(Versions.OfHeader(context.Request)))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            throw Refusal.Plain(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed: This version of the protocol has POST only.");
        }
    }

    private async Task AnswerAloneAsync(HttpContext context, JsonRpcMessage message, Func<JsonRpcMessage?, int>? statusOf)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await using var transport = new StreamableHttpServerTransport(loggers) { Stateless = true };
        await using var server = await servers.ForRequestAsync(context, transport);
        var running = server.RunAsync(end.Token);
        try
        {
            await AnswerAsync(context, transport, message, statusOf, end.Token);
        }
        finally
        {
            await transport.DisposeAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AnswerInSessionAsync(HttpContext context, JsonRpcMessage message)
    {
        var session = context.Request.Headers.ContainsKey(SessionHeader) ? Find(context)
            : message is JsonRpcRequest { Method: RequestMethods.Initialize } ? await BeginAsync(context)
            : throw Refusal.Plain(StatusCodes.Status400BadRequest, $"Bad Request: Without {SessionHeader} only initialize is answered.");
        using var use = session.BeginUse();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, session.Ended);
        context.Response.Headers[SessionHeader] = session.Id;
        await AnswerAsync(context, session.Transport, message, statusOf: null, end.Token);
    }

    private static async Task AnswerAsync(
        HttpContext context, StreamableHttpServerTransport transport, JsonRpcMessage message, Func<JsonRpcMessage?, int>? statusOf, CancellationToken cancellationToken)
    {
        if (message is JsonRpcRequest)
        {
            EventResponse.Begin(context);
        }

        Func<JsonRpcMessage?, ValueTask>? starting = statusOf is null ? null : first =>
        {
            context.Response.StatusCode = statusOf(first);
            return ValueTask.CompletedTask;
        };
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, starting, cancellationToken))
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private async Task<HttpSession> BeginAsync(HttpContext context)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        var transport = new StreamableHttpServerTransport(loggers) { SessionId = id, FlowExecutionContextFromRequests = true };
        var server = await servers.ForSessionAsync(context, transport);
        var session = new HttpSession(id, transport, server, HttpSession.UserOf(context.User), options.Value.TimeProvider);
        session.Start();
        sessions.Add(session);
        return session;
    }

    private HttpSession Find(HttpContext context)
    {
        if (context.Request.Headers[SessionHeader] is not [{ Length: > 0 } id])
        {
            throw Refusal.Plain(StatusCodes.Status400BadRequest, $"Bad Request: {SessionHeader} is missing.");
        }

        if (!sessions.TryGet(id, out var session))
        {
            throw Refusal.SessionNotFound();
        }

        return session.BelongsTo(context.User) ? session
            : throw Refusal.Plain(StatusCodes.Status403Forbidden, "Forbidden: The session was begun by another user.");
    }
}
