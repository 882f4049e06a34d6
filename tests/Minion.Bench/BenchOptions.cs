using System.Globalization;

namespace Minion.Bench;

/// <summary>What the bench is asked to do.</summary>
internal sealed record BenchOptions
{
    public static string Usage { get; } =
        $"""
        ./bench [NAME…] [options]: how fast Minion is here, each figure beside its reference measured in the same run.
        {string.Join('\n', Figures.FigureList.All.Select(f => $"  {f.Name,-18} {f.Description}"))}
        Options:
          --output text|json  a table (default) or JSON on standard output; progress goes to standard error
          --seconds N         how long each load lasts, three times over (default 3)
        """;

    /// <summary>Empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public bool Json { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <exception cref="FormatException">Names what is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, given) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            string Value() => given ?? (++i < args.Count ? args[i] : throw new FormatException($"{name} needs a value."));
            options = name switch
            {
                "--output" => options with { Json = Output(Value()) },
                "--seconds" => options with { Duration = Seconds(Value()) },
                _ when name.StartsWith('-') => throw new FormatException($"There is no option {name}."),
                _ => options with { Names = [.. options.Names, Figure(name)] },
            };
        }

        return options;
    }

    private static bool Output(string text) => text switch
    {
        "json" => true,
        "text" => false,
        _ => throw new FormatException($"--output is '{text}'; it takes text or json."),
    };

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.1 and <= 600
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"--seconds is '{text}'; it takes a number from 0.1 to 600.");

    private static string Figure(string name) => Figures.FigureList.All.Any(f => f.Name == name)
        ? name
        : throw new FormatException($"There is no figure '{name}'; there are {string.Join(", ", Figures.FigureList.All.Select(f => f.Name))}.");
}
