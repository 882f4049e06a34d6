using System.ComponentModel.DataAnnotations;

namespace Minion.Models.Resilience;

/// <summary>When a model counts as broken and how many calls go to a provider at once; section <c>Models:Resilience</c> of the configuration.</summary>
public sealed class ResilienceOptions
{
    /// <summary>The share of failed attempts at which a model is no longer called, 0.05 to 1; 0.5 unless set.</summary>
    [Range(0.05, 1)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>So many attempts within the window decide at all, 2 to 1000; 5 unless set.</summary>
    [Range(2, 1_000)]
    public int LeastAttempts { get; set; } = 5;

    /// <summary>The sliding window that attempts are counted in, in seconds, 6 to 600; 60 unless set.</summary>
    [Range(6, 600)]
    public int WindowSeconds { get; set; } = 60;

    /// <summary>How long a broken model is left alone before one call tries it, in seconds, 1 to 600; 15 unless set. Doubles with each failed try, to eight times.</summary>
    [Range(1, 600)]
    public int BreakSeconds { get; set; } = 15;

    /// <summary>The seconds between two looks whether broken endpoints take connections again, 1 to 300; 5 unless set.</summary>
    [Range(1, 300)]
    public int ProbeSeconds { get; set; } = 5;

    /// <summary>The most calls under way at one provider at once, 1 to 100000; 4096 unless set.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrent { get; set; } = 4_096;

    /// <summary>The most calls that wait for their turn at one provider, 0 to 100000; 4096 unless set.</summary>
    [Range(0, 100_000)]
    public int MaxWaiting { get; set; } = 4_096;

    /// <summary>How many models' health is remembered, 16 to 1000000; 10000 unless set. Those not called for longest are forgotten.</summary>
    [Range(16, 1_000_000)]
    public int MaxUpstreams { get; set; } = 10_000;
}
