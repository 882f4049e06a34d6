namespace Minion.Bench.Reporting;

/// <summary>What a measurement should be: a ratio of at least so much, or a value of at most so much.</summary>
internal sealed record Aim
{
    public double? LeastRatio { get; init; }

    public double? MostValue { get; init; }

    public static Aim RatioOf(double least) => new() { LeastRatio = least };

    public static Aim AtMost(double value) => new() { MostValue = value };

    public bool? IsMet(Measurement measured) => LeastRatio is { } least
        ? measured.Ratio is { } ratio ? ratio >= least : null
        : measured.Value <= MostValue;

    public override string ToString() => LeastRatio is { } least ? $"ratio ≥ {least:0.##}" : $"≤ {MostValue:#,0.##}";
}
