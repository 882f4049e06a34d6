using Microsoft.AspNetCore.Http;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Events;
using Minion.Edge.OpenAi.Json;
using Minion.Edge.OpenAi.Models;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.OpenAi.Responses;

/// <summary><c>POST /v1/responses</c>.</summary>
internal sealed class ResponsesEndpoint(RequestBody body, ModelDirectory models, Failures failures, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var caller = context.GetCaller();
        ResponseCall call;
        using (var document = await body.ReadAsync(context))
        {
            call = ResponseCallReader.Read(document.RootElement);
        }

        var source = await models.FindAsync(caller, call.Model, context.RequestAborted);
        var ask = new Ask(caller, call.Model, call.Messages, call.Options, context.Response.Headers) { IdempotencyKey = IdempotencyKey.Of(context), Fields = FieldNames.Response };
        var response = new ResponseObject(call, time);
        if (call.Streamed)
        {
            var answer = Choices.StreamAsync(source, ask, count: 1, context.RequestAborted);
            await EventPump.RunAsync(context, answer, new ResponseEvents(response), failures);
        }
        else
        {
            response.Take(await source.AnswerAsync(ask, context.RequestAborted));
            await response.WriteAsync(context);
        }
    }
}
