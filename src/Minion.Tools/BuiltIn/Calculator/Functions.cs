namespace Minion.Tools.BuiltIn.Calculator;

/// <summary>What an expression may call. Angles are in radians.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, Function> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sqrt"] = new(1, 1, a => SquareRoot(a[0])),
        ["abs"] = new(1, 1, a => a[0].Apply(Math.Abs, Math.Abs)),
        ["round"] = new(1, 2, Round),
        ["floor"] = new(1, 1, a => a[0].Apply(Math.Floor, Math.Floor)),
        ["ceil"] = new(1, 1, a => a[0].Apply(Math.Ceiling, Math.Ceiling)),
        ["min"] = new(1, 100, a => a.Aggregate((x, y) => x.Compare(y) <= 0 ? x : y)),
        ["max"] = new(1, 100, a => a.Aggregate((x, y) => x.Compare(y) >= 0 ? x : y)),
        ["ln"] = new(1, 1, a => Number.Of(Math.Log(a[0].ToDouble()))),
        ["log"] = new(1, 2, a => Number.Of(a.Count == 1 ? Math.Log10(a[0].ToDouble()) : Math.Log(a[0].ToDouble(), a[1].ToDouble()))),
        ["exp"] = new(1, 1, a => Number.Of(Math.Exp(a[0].ToDouble()))),
        ["sin"] = new(1, 1, a => Number.Of(Math.Sin(a[0].ToDouble()))),
        ["cos"] = new(1, 1, a => Number.Of(Math.Cos(a[0].ToDouble()))),
        ["tan"] = new(1, 1, a => Number.Of(Math.Tan(a[0].ToDouble()))),
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    private static Number SquareRoot(Number number)
    {
        var root = Math.Sqrt(number.ToDouble());
        if (double.IsFinite(root) && root < 1e14)
        {
            var exact = Number.Of((decimal)root);
            return (exact * exact).Compare(number) == 0 ? exact : Number.Of(root);
        }

        return Number.Of(root);
    }

    private static Number Round(IReadOnlyList<Number> arguments)
    {
        var digits = arguments.Count == 1 ? 0 : arguments[1].WholeNumber ?? -1;
        return digits is >= 0 and <= 15
            ? arguments[0].Apply(x => Math.Round(x, digits, MidpointRounding.AwayFromZero), x => Math.Round(x, digits, MidpointRounding.AwayFromZero))
            : Number.Of(double.NaN);
    }
}

/// <summary>A function of the calculator.</summary>
/// <param name="Fewest">Arguments that it needs.</param>
/// <param name="Most">Arguments that it takes.</param>
/// <param name="Apply">What it does; gives NaN outside of its domain.</param>
internal sealed record Function(int Fewest, int Most, Func<IReadOnlyList<Number>, Number> Apply);
