namespace Minion.Cli.Doctor;

internal enum Health
{
    Good,

    /// <summary>Works, but not as well as it could, or not yet.</summary>
    Note,

    Broken,
}

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Health">How it is.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Advice">What to do; empty when there is nothing to do.</param>
internal sealed record Finding(string Check, Health Health, string Detail, string Advice = "")
{
    public static Finding Good(string check, string detail) => new(check, Health.Good, detail);

    public static Finding Note(string check, string detail, string advice) => new(check, Health.Note, detail, advice);

    public static Finding Broken(string check, string detail, string advice) => new(check, Health.Broken, detail, advice);
}
