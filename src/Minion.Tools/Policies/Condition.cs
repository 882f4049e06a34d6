using System.Globalization;
using System.Text.Json;
using Minion.Tools.Schemas;

namespace Minion.Tools.Policies;

/// <summary>
/// A condition of a rule, for example <c>path under /workspace</c>, <c>host in example.com, *.example.org</c>, <c>amount &lt; 100</c>,
/// <c>tainted and irreversible</c>.
/// </summary>
internal abstract record Condition
{
    /// <param name="text">As it was written.</param>
    /// <exception cref="FormatException">It is no condition; says why.</exception>
    public static Condition Parse(string text) => new ConditionParser(text).Parse();

    /// <param name="facts">What it is about.</param>
    /// <param name="forAll">Of an argument with several values all must satisfy it; otherwise one suffices.</param>
    public abstract Verdict Judge(Facts facts, bool forAll);
}

internal sealed record AllOf(Condition One, Condition Other) : Condition
{
    public override Verdict Judge(Facts facts, bool forAll) => One.Judge(facts, forAll).And(Other.Judge(facts, forAll));
}

internal sealed record AnyOf(Condition One, Condition Other) : Condition
{
    public override Verdict Judge(Facts facts, bool forAll) => One.Judge(facts, forAll).Or(Other.Judge(facts, forAll));
}

internal sealed record NotOf(Condition Inner) : Condition
{
    public override Verdict Judge(Facts facts, bool forAll) => Inner.Judge(facts, !forAll).Not();
}

/// <summary>tainted, irreversible, read_only or always.</summary>
internal sealed record FactCondition(string Word) : Condition
{
    public static readonly string[] Words = ["tainted", "irreversible", "read_only", "always"];

    public override Verdict Judge(Facts facts, bool forAll) => VerdictLogic.Of(Word switch
    {
        "tainted" => facts.Tainted,
        "irreversible" => facts.Irreversible,
        "read_only" => facts.ReadOnly,
        _ => true,
    });
}

internal sealed record ExistsCondition(string Argument) : Condition
{
    public override Verdict Judge(Facts facts, bool forAll) => VerdictLogic.Of(ArgumentValues.Find(facts, Argument).Count > 0);
}

/// <summary>An argument compared with values.</summary>
/// <param name="Argument">The argument's name; members of objects after dots.</param>
/// <param name="Operator">=, !=, &lt;, &lt;=, &gt;, &gt;=, in, under or matches.</param>
/// <param name="Values">What it is compared with; one except for <c>in</c> and <c>under</c>.</param>
internal sealed record Comparison(string Argument, string Operator, IReadOnlyList<string> Values) : Condition
{
    public override Verdict Judge(Facts facts, bool forAll)
    {
        var found = ArgumentValues.Find(facts, Argument);
        if (found.Count == 0)
        {
            return Verdict.Unknown;
        }

        var verdicts = found.Select(Judge);
        return forAll ? verdicts.Aggregate(VerdictLogic.And) : verdicts.Aggregate(VerdictLogic.Or);
    }

    private Verdict Judge(JsonElement value) => Operator switch
    {
        "<" => Number(value, order => order < 0),
        "<=" => Number(value, order => order <= 0),
        ">" => Number(value, order => order > 0),
        ">=" => Number(value, order => order >= 0),
        "=" => Is(value, Values[0]),
        "!=" => Is(value, Values[0]).Not(),
        "in" when Argument == ArgumentValues.Host => Hosts.In(value, Values),
        "in" => Values.Select(wanted => Is(value, wanted)).Aggregate(VerdictLogic.Or),
        "under" => PathRules.Under(value, Values),
        _ => Text(value, Values[0]),
    };

    private Verdict Number(JsonElement value, Func<int, bool> holds) =>
        value.ValueKind == JsonValueKind.Number ? VerdictLogic.Of(holds(JsonNumber.Of(value).Compare(JsonNumber.Of(JsonElement.Parse(Values[0]))))) : Verdict.Unknown;

    private static Verdict Is(JsonElement value, string wanted) => value.ValueKind switch
    {
        JsonValueKind.String => VerdictLogic.Of(wanted.Contains('*', StringComparison.Ordinal) ? Registry.Wildcards.Fit(wanted, value.GetString()!) : value.GetString() == wanted),
        JsonValueKind.Number => double.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && ConditionParser.IsNumber(wanted)
            ? VerdictLogic.Of(JsonNumber.Of(value).Compare(JsonNumber.Of(JsonElement.Parse(wanted))) == 0)
            : Verdict.No,
        JsonValueKind.True => VerdictLogic.Of(wanted == "true"),
        JsonValueKind.False => VerdictLogic.Of(wanted == "false"),
        JsonValueKind.Null => VerdictLogic.Of(wanted == "null"),
        _ => Verdict.Unknown,
    };

    private static Verdict Text(JsonElement value, string pattern) =>
        value.ValueKind == JsonValueKind.String ? VerdictLogic.Of(Registry.Wildcards.Fit(pattern, value.GetString()!)) : Verdict.Unknown;
}
