using Microsoft.Extensions.AI;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Runs.Composing;

namespace Minion.Orchestration.Runs.Stages;

/// <summary>Budgets from definitions.</summary>
internal static class ContextBudgets
{
    private const long MostForAnswer = 4_096;

    /// <param name="agent">The agent's version.</param>
    /// <param name="model">Its model.</param>
    /// <param name="window">The model's window; null when nobody has said it.</param>
    /// <param name="tools">The tools that it is offered.</param>
    /// <param name="input">What the run is asked to do.</param>
    /// <param name="provided">What it is told beside the instructions; null for nothing.</param>
    public static ContextBudget Of(AgentDefinition agent, ModelDefinition model, long? window, ToolSet tools, string input, string? provided = null)
    {
        var size = window ?? ContextBudget.DefaultWindow;
        var answer = Math.Min(agent.HasMaxOutputTokens ? agent.MaxOutputTokens : model.MaxOutput ?? Math.Min(MostForAnswer, size / 4), size / 2);
        var options = new ChatOptions { Instructions = PromptInstructions.With(agent.Instructions, provided), Tools = [.. tools.Declarations] };
        var schemas = tools.Tools.Sum(t => (long)TokenEstimate.OfLength(t.InputSchema.GetRawText().Length));
        var taken = answer + schemas + (TokenEstimate.Usage([], options, answer: 0).InputTokenCount ?? 0);
        var settings = agent.Context ?? new ContextSettings();
        return new ContextBudget(
            size,
            taken,
            TokenEstimate.OfMessage(System.Text.Encoding.UTF8.GetByteCount(input)),
            settings.MaxTokens,
            settings.KeepLast == 0 ? ContextBudget.DefaultKeepLast : settings.KeepLast,
            !settings.HasSummarize || settings.Summarize);
    }
}
