using Microsoft.Extensions.AI;

namespace Minion.Models.Routing;

/// <summary>
/// Sorts requests into tiers. The wording is judged by learned weights; what the recorded prompts do not show (tools, history, format,
/// code, small talk) adds fixed amounts, in the same unit. A pure function, far under a millisecond.
/// </summary>
internal sealed class Classifier(LearnedDifficulty learned)
{
    private const double Moderate = -0.5;
    private const double Complex = 0.6;
    private const double Expert = 1.6;
    private const int SmallTalkWords = 14;

    // The recorded prompts are seldom shorter, and hold little code: of others the learned weights know little.
    private const int TypicalWords = 20;

    public Classification Classify(IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        Classify(RequestShape.Question(messages), RequestShape.Of(messages, options));

    public Classification Classify(string question, RequestShape shape)
    {
        var words = new WordHashes(stackalloc ushort[WordHashes.Most], stackalloc ulong[WordHashes.Buckets / 64]);
        var text = TextFeatures.Read(question, ref words);
        return Combine(learned.Score(text, words.Found), text, shape);
    }

    /// <summary>The learned score with what is added to it.</summary>
    public static Classification Combine(double wording, TextFeatures text, RequestShape shape)
    {
        var code = Math.Clamp((text.CodeShare - 0.005) / 0.02, 0, 1);
        var familiar = Math.Min(1, text.Words / (double)TypicalWords) * (1 - code);
        List<(string Feature, double Weight)> parts =
        [
            ("wording", Bounded(wording) * familiar),
            ("small talk", SmallTalk(text)),
            ("reasoning words", 0.25 * Math.Min(3, text.ReasoningWords)),
            ("code", 0.8 * code),
            ("mathematics", 0.3 * Math.Min(1, text.MathShare / 0.05)),
            ("tools", Math.Min(0.8, 0.2 * Math.Log2(1 + shape.Tools))),
            ("history", Math.Min(0.4, 0.1 * Math.Log2(Math.Max(1, shape.Messages / 4.0)))),
            ("length", Math.Clamp(0.3 * Math.Log2(Math.Max(1, shape.Tokens / 1_000.0)), 0, 1.5)),
            ("format", shape.WantsJson ? 0.2 : 0),
            ("images", shape.HasImages ? 0.3 : 0),
        ];
        var difficulty = parts.Sum(p => p.Weight);
        return new Classification(TierOf(difficulty), difficulty, [.. parts.Where(p => Math.Abs(p.Weight) >= 0.005).OrderByDescending(p => Math.Abs(p.Weight))]);
    }

    private static ModelTier TierOf(double difficulty) => difficulty switch
    {
        < Moderate => ModelTier.LocalSmall,
        < Complex => ModelTier.Moderate,
        < Expert => ModelTier.Complex,
        _ => ModelTier.Expert,
    };

    // A text unlike all recorded ones may score anything: what lies far out counts for little more than what lies at the edge.
    private static double Bounded(double wording) => wording < -1 ? Math.Max(-1.5, -1 + (0.1 * (wording + 1))) : Math.Min(2, wording);

    private static double SmallTalk(TextFeatures text) => text.Numbers > 1 || text.ReasoningWords > 0 || text.CodeShare > 0 || text.MathShare > 0
        ? 0
        : -1.5 * Math.Max(0, 1 - (text.Words / (double)SmallTalkWords));
}
