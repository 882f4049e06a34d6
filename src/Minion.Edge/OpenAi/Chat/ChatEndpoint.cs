using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Events;
using Minion.Edge.OpenAi.Json;
using Minion.Edge.OpenAi.Models;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.OpenAi.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(RequestBody body, ModelDirectory models, Failures failures, TimeProvider time, IOptions<EdgeOptions> options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var caller = context.GetCaller();
        ChatCall call;
        using (var document = await body.ReadAsync(context))
        {
            call = ChatCallReader.Read(document.RootElement, options.Value.MaxChoices);
        }

        var source = await models.FindAsync(caller, call.Model, context.RequestAborted);
        var ask = new Ask(caller, call.Model, call.Messages, call.Options, context.Response.Headers) { IdempotencyKey = IdempotencyKey.Of(context) };
        var head = new ChatHead($"chatcmpl-{Guid.CreateVersion7(time.GetUtcNow()):N}", time.GetUtcNow().ToUnixTimeSeconds(), call.Model);
        if (call.Streamed)
        {
            var answer = Choices.StreamAsync(source, ask, call.Choices, context.RequestAborted);
            await EventPump.RunAsync(context, answer, new ChatEvents(head, call.Choices, call.WithUsage), failures);
        }
        else
        {
            var answers = call.Choices == 1
                ? [await source.AnswerAsync(ask, context.RequestAborted)]
                : await Choices.AnswerAsync(source, ask, call.Choices, context.RequestAborted);
            await ChatAnswerWriter.WriteAsync(context, head, answers);
        }
    }
}
