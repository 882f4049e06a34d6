using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Minion.Contracts.Orchestration.V1;
using Minion.Edge.OpenAi.Answers;

namespace Minion.Edge.Agents;

/// <summary>
/// A whole agent behind a model's name: the conversation becomes a durable run, its answer the completion. A client that aborts its request
/// cancels the run, unless it gave an Idempotency-Key: then it, or another one, can ask again and gets the run's answer.
/// </summary>
internal sealed class AgentSource(AgentRuns runs, string agent) : IAnswerSource
{
    /// <summary>The header with the run's id.</summary>
    public const string RunHeader = "minion-run-id";

    public async Task<Answer> AnswerAsync(Ask ask, CancellationToken cancellationToken)
    {
        var answer = new Answer();
        await foreach (var update in FollowAsync(ask, entriesOnly: true, cancellationToken))
        {
            answer.Add(update);
        }

        return answer;
    }

    public IAsyncEnumerable<ChatResponseUpdate> StreamAsync(Ask ask, CancellationToken cancellationToken) => FollowAsync(ask, entriesOnly: false, cancellationToken);

    private async Task<Run> StartAsync(Ask ask, Conversation conversation)
    {
        try
        {
            return await runs.StartAsync(ask.Caller, agent, conversation, ask.IdempotencyKey, CancellationToken.None);
        }
        catch (RpcException refused) when (RunErrors.Invalid(refused, ask.Fields) is not null)
        {
            throw RunErrors.Invalid(refused, ask.Fields)!;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> FollowAsync(Ask ask, bool entriesOnly, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var conversation = Conversation.From(ask.Messages, ask.Options, ask.Fields);
        // Not given up with the request: a run that was accepted unheard could not be cancelled.
        var run = await StartAsync(ask, conversation);
        ask.Headers[RunHeader] = run.Id;
        var answer = new RunAnswer(run.Id, ask.Model);
        try
        {
            await foreach (var part in runs.WatchAsync(ask.Caller, run.Id, entriesOnly, cancellationToken))
            {
                if (part is null)
                {
                    yield return new ChatResponseUpdate();
                    continue;
                }

                if (answer.Take(part, entriesOnly) is { } update)
                {
                    yield return update;
                }

                if (part.Entry is not null && answer.Verdict is { } verdict)
                {
                    answer.HasEnded = await runs.StandsAsync(ask.Caller, run.Id, cancellationToken);
                    if (answer.HasEnded)
                    {
                        throw verdict;
                    }

                    answer.GoesOn();
                }

                if (answer.HasEnded)
                {
                    yield break;
                }
            }
        }
        finally
        {
            if (!answer.HasEnded && ask.IdempotencyKey is null)
            {
                await runs.GiveUpAsync(ask.Caller, run.Id);
            }
        }
    }
}
