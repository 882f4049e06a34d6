using Microsoft.Extensions.AI;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Composing;

/// <summary>The prompt of any model call of a run.</summary>
internal static class Prompts
{
    /// <param name="instructions">The agent's.</param>
    /// <param name="history">What the run is given of its session.</param>
    /// <param name="input">What it is asked to do.</param>
    /// <param name="state">Its journal.</param>
    /// <param name="call">The call.</param>
    public static List<ChatMessage> For(string instructions, SessionHistory history, string input, RunState state, CallModel call) =>
        call.Summarises is { } range
            ? SummaryPrompt.Compose(history, state, range)
            : PromptComposer.Compose(instructions, history.Compose(state), input, state, call.Prompt);
}
