namespace Minion.Tools.Policies;

/// <summary>Whether a condition holds. Source of the tables: S. C. Kleene's three-valued logic, 1938.</summary>
internal enum Verdict
{
    No,

    /// <summary>It cannot be decided: an argument is missing, or is of another type. Whoever decides is careful then.</summary>
    Unknown,

    Yes,
}

internal static class VerdictLogic
{
    public static Verdict Not(this Verdict verdict) => (Verdict)(Verdict.Yes - verdict);

    public static Verdict And(this Verdict one, Verdict other) => one < other ? one : other;

    public static Verdict Or(this Verdict one, Verdict other) => one > other ? one : other;

    public static Verdict Of(bool holds) => holds ? Verdict.Yes : Verdict.No;
}
