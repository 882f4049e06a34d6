using System.Text.RegularExpressions;
using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>Whether a stage is for what has come so far.</summary>
internal abstract record Condition
{
    public abstract bool Holds(ITemplateValues values);

    /// <summary>A pattern that matches in linear time, so that it needs no clock.</summary>
    public static Regex? Pattern(string pattern, Action<string> error)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            error($"is not a pattern that can be used here (a .NET regular expression without lookarounds and back references): {wrong.Message}");
            return null;
        }
    }

    public sealed record Test(TextTemplate Value, string? EqualTo, IReadOnlyList<string> Contains, Regex? Matches, bool? IsEmpty) : Condition
    {
        public override bool Holds(ITemplateValues values)
        {
            var value = Value.Fill(values, out _);
            return (EqualTo is null || string.Equals(value.Trim(), EqualTo.Trim(), StringComparison.OrdinalIgnoreCase))
                && (Contains.Count == 0 || Contains.Any(c => value.Contains(c, StringComparison.OrdinalIgnoreCase)))
                && (Matches is null || Matches.IsMatch(value))
                && (IsEmpty is null || string.IsNullOrWhiteSpace(value) == IsEmpty);
        }
    }

    public sealed record All(IReadOnlyList<Condition> Conditions) : Condition
    {
        public override bool Holds(ITemplateValues values) => Conditions.All(c => c.Holds(values));
    }

    public sealed record Any(IReadOnlyList<Condition> Conditions) : Condition
    {
        public override bool Holds(ITemplateValues values) => Conditions.Any(c => c.Holds(values));
    }

    public sealed record Not(Condition Condition) : Condition
    {
        public override bool Holds(ITemplateValues values) => !Condition.Holds(values);
    }
}
