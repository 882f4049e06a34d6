using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Errors;

namespace Minion.Edge.OpenAi.Events;

/// <summary>
/// Carries an answer to the client as it comes. It takes the next part only when the client has room for it: a client that stops reading
/// stops the model, and one that goes away ends its call.
/// </summary>
internal static class EventPump
{
    public static async Task RunAsync(HttpContext context, IAsyncEnumerable<(int Choice, ChatResponseUpdate Update)> answer, IEventForm form, Failures failures)
    {
        var aborted = context.RequestAborted;
        await using var parts = answer.GetAsyncEnumerator(aborted);

        // Until the first part is there, a failure is an answer of its own, with a status.
        var any = await parts.MoveNextAsync();
        Start(context.Response);
        using var events = new EventWriter(context.Response.BodyWriter);
        try
        {
            form.Begin(events);
            while (any)
            {
                if (parts.Current.Update is { Contents.Count: 0, FinishReason: null, AdditionalProperties: null })
                {
                    events.KeepAlive();
                }
                else
                {
                    form.Part(events, parts.Current.Choice, parts.Current.Update);
                }

                any = await NextAsync(parts, events, aborted);
            }

            form.End(events);
        }
        catch (Exception failure) when (!aborted.IsCancellationRequested)
        {
            form.Fail(events, failures.Explain(failure, context));
        }

        await events.FlushAsync(aborted);
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<(int, ChatResponseUpdate)> parts, EventWriter events, CancellationToken aborted)
    {
        if (events.IsFull)
        {
            await events.FlushAsync(aborted);
        }

        var next = parts.MoveNextAsync();
        if (next.IsCompleted)
        {
            // More is there already: it goes out together.
            return await next;
        }

        var waiting = next.AsTask();
        try
        {
            await events.FlushAsync(aborted);
        }
        catch
        {
            // The request's cancellation reaches the call too; it must have ended before it is disposed.
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await waiting;
    }

    private static void Start(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
