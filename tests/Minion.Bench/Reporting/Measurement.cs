namespace Minion.Bench.Reporting;

/// <summary>One row of the table.</summary>
/// <param name="Figure">What is measured.</param>
/// <param name="Case">In which case of it.</param>
/// <param name="Value">What was measured, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Of the value and of the reference.</param>
internal sealed record Measurement(string Figure, string Case, double Value, string Unit)
{
    /// <summary>What it is compared with, measured in the same run; null when there is nothing to compare with.</summary>
    public double? Reference { get; init; }

    /// <summary>What the reference is.</summary>
    public string? ReferenceIs { get; init; }

    /// <summary>The value over the reference.</summary>
    public double? Ratio => Reference is > 0 ? Value / Reference : null;

    /// <summary>What it should be.</summary>
    public Aim? Aim { get; init; }

    /// <summary>Null without an aim, or when what the aim is about was not measured.</summary>
    public bool? IsMet => Aim?.IsMet(this);
}
