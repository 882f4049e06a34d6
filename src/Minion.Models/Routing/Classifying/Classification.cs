using System.Globalization;

namespace Minion.Models.Routing;

/// <summary>How hard a request is.</summary>
/// <param name="Tier">The lowest tier that is good enough for it.</param>
/// <param name="Difficulty">0 for an average question, in standard deviations.</param>
/// <param name="Parts">What the difficulty is made of, the largest first.</param>
internal sealed record Classification(ModelTier Tier, double Difficulty, IReadOnlyList<(string Feature, double Weight)> Parts)
{
    /// <summary>For a person, for example <c>complex: difficulty 0.84 (wording +0.52, code +0.32)</c>.</summary>
    public string Reason => string.Create(
        CultureInfo.InvariantCulture,
        $"{Tier.Name()}: difficulty {Difficulty:0.00} ({string.Join(", ", Parts.Take(4).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Feature} {p.Weight:+0.00;-0.00}")))})");
}
