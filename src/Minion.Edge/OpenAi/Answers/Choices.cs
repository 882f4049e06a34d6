using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>Several answers to one question (<c>n</c>): as many calls at the same time. When one fails, so does the request.</summary>
internal static class Choices
{
    // Enough that no call waits for another's part to be written, and bounded: a client that stops reading stops the calls.
    private const int Ahead = 16;

    public static async Task<Answer[]> AnswerAsync(IAnswerSource source, Ask ask, int count, CancellationToken cancellationToken)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = Enumerable.Range(0, count).Select(choice => OneAsync(choice)).ToList();
        try
        {
            await foreach (var ended in Task.WhenEach(calls).WithCancellation(CancellationToken.None))
            {
                await ended;
            }
        }
        catch
        {
            await all.CancelAsync();
            await ((Task)Task.WhenAll(calls)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await Task.WhenAll(calls);

        Task<Answer> OneAsync(int choice) => source.AnswerAsync(Own(ask, choice), all.Token);
    }

    public static async IAsyncEnumerable<(int Choice, ChatResponseUpdate Update)> StreamAsync(
        IAnswerSource source, Ask ask, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (count == 1)
        {
            await foreach (var update in source.StreamAsync(ask, cancellationToken))
            {
                yield return (0, update);
            }

            yield break;
        }

        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = Channel.CreateBounded<(int, ChatResponseUpdate)>(Ahead);
        var calls = Task.WhenAll(Enumerable.Range(0, count).Select(OneAsync)).ContinueWith(
            ended => parts.Writer.TryComplete(ended.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var part in parts.Reader.ReadAllAsync(cancellationToken))
            {
                yield return part;
            }
        }
        finally
        {
            await all.CancelAsync();
            await calls;
        }

        async Task OneAsync(int choice)
        {
            try
            {
                await foreach (var update in source.StreamAsync(Own(ask, choice), all.Token))
                {
                    await parts.Writer.WriteAsync((choice, update), all.Token);
                }
            }
            catch (Exception failure)
            {
                // The first failure ends the request, before the others have ended.
                parts.Writer.TryComplete(failure);
                await all.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>Each choice is a request of its own, and differs where a seed would make it the same.</summary>
    private static Ask Own(Ask ask, int choice)
    {
        if (choice == 0)
        {
            return ask;
        }

        var options = ask.Options.Clone();
        options.Seed += choice;
        return ask with { Options = options, Headers = new HeaderDictionary(), IdempotencyKey = ask.IdempotencyKey is { } key ? $"{key}/{choice}" : null };
    }
}
