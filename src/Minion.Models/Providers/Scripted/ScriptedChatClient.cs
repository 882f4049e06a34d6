using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Scripted;

/// <summary>Plays a script. Streams word by word; the token usage is an estimate that is the same each time.</summary>
internal sealed partial class ScriptedChatClient(Script script, TimeProvider time) : IChatClient
{
    private const string ModelId = "scripted";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var updates = Answer([.. messages], options);
        return Task.FromResult(updates.ToChatResponse());
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var first = true;
        foreach (var update in Answer([.. messages], options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!first && script.Delay > TimeSpan.Zero && update.Text.Length > 0)
            {
                await Task.Delay(script.Delay, time, cancellationToken);
            }

            first = false;
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Holds nothing.
    }

    private List<ChatResponseUpdate> Answer(List<ChatMessage> messages, ChatOptions? options)
    {
        var turn = ScriptedTurn.Next(script, messages, OfferedTools(options));
        var (words, cut) = Cut([.. Words.Matches(turn.Text).Select(m => m.Value)], options?.MaxOutputTokens);
        IEnumerable<AIContent> contents = [.. words.Select(w => new TextContent(w)), .. turn.Calls];
        var finish = turn.Calls.Count > 0 ? ChatFinishReason.ToolCalls : cut ? ChatFinishReason.Length : ChatFinishReason.Stop;
        var usage = new UsageContent(TokenEstimate.Usage(messages, options, contents.Sum(TokenEstimate.Length)));

        var responseId = $"{ModelId}-{messages.Count}";
        ChatResponseUpdate Update(params IList<AIContent> content) =>
            new(ChatRole.Assistant, content) { ResponseId = responseId, MessageId = responseId, ModelId = ModelId };

        List<ChatResponseUpdate> updates = [.. contents.Select(c => Update(c)), Update(usage)];
        updates[^1].FinishReason = finish;
        return updates;
    }

    private static HashSet<string> OfferedTools(ChatOptions? options) =>
        options?.ToolMode is NoneChatToolMode ? [] : [.. (options?.Tools ?? []).Select(t => t.Name)];

    private static (IReadOnlyList<string> Words, bool Cut) Cut(IReadOnlyList<string> words, int? mostTokens)
    {
        var kept = new List<string>();
        var length = 0;
        foreach (var word in words)
        {
            length += word.Length;
            if (mostTokens is { } most && TokenEstimate.OfLength(length) > most)
            {
                return (kept, true);
            }

            kept.Add(word);
        }

        return (kept, false);
    }

    [GeneratedRegex("\\s*\\S+\\s*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Words { get; }
}
