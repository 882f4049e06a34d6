using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Minion.Edge.OpenAi.Chat;
using Minion.Edge.OpenAi.Embeddings;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Models;
using Minion.Edge.OpenAi.Responses;

namespace Minion.Edge.OpenAi;

/// <summary>The OpenAI-compatible API: every path of it, and one way to fail.</summary>
internal static class OpenAiEndpoints
{
    /// <summary>Where it is; a client's base address is this below the server's.</summary>
    public const string Root = "/v1";

    private const string NotKept =
        "Answers are not kept here, so there is none to read, cancel or delete: send the whole conversation as input. A run of an agent is kept; see its id in the header minion-run-id.";

    public static void MapOpenAi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var failures = services.GetRequiredService<Failures>();
        Map(HttpMethods.Post, "/chat/completions", services.GetRequiredService<ChatEndpoint>().HandleAsync);
        Map(HttpMethods.Post, "/responses", services.GetRequiredService<ResponsesEndpoint>().HandleAsync);
        Map(HttpMethods.Post, "/embeddings", services.GetRequiredService<EmbeddingsEndpoint>().HandleAsync);
        Map(HttpMethods.Get, "/models", services.GetRequiredService<ModelsEndpoint>().ListAsync);
        Map(HttpMethods.Get, "/models/{**model}", services.GetRequiredService<ModelsEndpoint>().GetAsync);
        endpoints.Map($"{Root}/responses/{{**rest}}", Guarded(_ => throw new ApiErrorException(new ApiError(404, ApiError.InvalidRequest, "not_found", null, NotKept))));
        endpoints.Map($"{Root}/{{**rest}}", Guarded(NoSuchPath));

        void Map(string method, string path, Func<HttpContext, Task> handler) => endpoints.MapMethods(Root + path, [method], Guarded(handler));

        RequestDelegate Guarded(Func<HttpContext, Task> handler) => context => GuardAsync(context, handler, failures);
    }

    private static async Task GuardAsync(HttpContext context, Func<HttpContext, Task> handler, Failures failures)
    {
        context.Response.Headers["x-request-id"] = context.TraceIdentifier;
        try
        {
            await handler(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads an answer any more.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(context, failures.Explain(failure, context));
        }
    }

    private static Task NoSuchPath(HttpContext context) => throw new ApiErrorException(new ApiError(
        404, ApiError.InvalidRequest, "unknown_url", null,
        $"There is no {context.Request.Method} {Quoted.Short(context.Request.Path.Value ?? "")} here. There are POST /v1/chat/completions, /v1/responses, /v1/embeddings, and GET /v1/models."));
}
