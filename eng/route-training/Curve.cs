namespace RouteTraining;

/// <summary>Quality against the share of calls that go to the strong model, when those with the highest scores go there first.</summary>
internal sealed class Curve
{
    private readonly double[] _kept;

    /// <summary>Makes it.</summary>
    /// <param name="items">The prompts.</param>
    /// <param name="score">How much each one deserves the strong model; equal scores share what they gain.</param>
    public Curve(IReadOnlyList<Item> items, Func<Item, double> score)
    {
        double gap = items.Sum(i => i.Gain);
        _kept = new double[items.Count + 1];
        var n = 0;
        foreach (var equals in items.GroupBy(score).OrderByDescending(g => g.Key).Select(g => g.ToList()))
        {
            var gain = equals.Average(i => i.Gain) / gap;
            foreach (var _ in equals)
            {
                _kept[n + 1] = _kept[n] + gain;
                n++;
            }
        }
    }

    /// <summary>Average performance gap recovered (Ong et al. 2024, RouteLLM): the area under the curve; 0.5 by chance.</summary>
    public double Apgr => _kept.Average();

    /// <summary>The part of the gap between weak and strong that is kept with that share of strong calls.</summary>
    public double At(double share) => _kept[(int)Math.Round(share * (_kept.Length - 1))];
}
