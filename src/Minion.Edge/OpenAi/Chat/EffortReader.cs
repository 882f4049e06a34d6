using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Reads how hard the model is to think.</summary>
internal static class EffortReader
{
    public static void Read(Fields? from, string name, ChatOptions options)
    {
        if (from is not { } given || given.Text(name) is not { } word)
        {
            return;
        }

        ReasoningEffort? effort = word switch
        {
            "none" => ReasoningEffort.None,
            "minimal" or "low" => ReasoningEffort.Low,
            "medium" => ReasoningEffort.Medium,
            "high" => ReasoningEffort.High,
            "xhigh" => ReasoningEffort.ExtraHigh,
            _ => null,
        };
        if (effort is null)
        {
            given.Wrong(name, "must be one of none, minimal, low, medium, high, xhigh.");
            return;
        }

        options.Reasoning = new ReasoningOptions { Effort = effort };
    }
}
