using System.Globalization;
using System.Text.RegularExpressions;

namespace Minion.ServiceDefaults.Tests.Telemetry;

/// <summary>Reads the text exposition format 0.0.4 and takes nothing that its description does not allow.</summary>
internal static partial class StrictExposition
{
    public static Dictionary<string, ParsedFamily> Parse(string text)
    {
        text.ShouldEndWith("\n");
        text.ShouldNotContain("\r");
        var families = new Dictionary<string, ParsedFamily>();
        ParsedFamily? family = null;
        string? helped = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups["name"].Value;
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                type.Groups["name"].Value.ShouldBe(helped, "HELP stands before TYPE");
                family = new ParsedFamily(type.Groups["type"].Value, []);
                families.TryAdd(type.Groups["name"].Value, family).ShouldBeTrue($"{helped} comes twice");
            }
            else
            {
                var sample = Sample().Match(line);
                sample.Success.ShouldBeTrue($"not a line of the format: {line}");
                family.ShouldNotBeNull();
                Suffixes(family.Type).Any(suffix => sample.Groups["name"].Value == helped + suffix).ShouldBeTrue(line);
                var labels = sample.Groups["label"].Captures.Zip(sample.Groups["value"].Captures)
                    .ToDictionary(pair => pair.First.Value, pair => Unescape(pair.Second.Value));
                family.Samples.Add(new ParsedSample(sample.Groups["name"].Value, labels, Number(sample.Groups["number"].Value)));
            }
        }

        foreach (var (name, parsed) in families)
        {
            parsed.Samples.Select(s => s.Key).Distinct().Count().ShouldBe(parsed.Samples.Count, $"{name} has a sample twice");
            if (parsed.Type == "histogram")
            {
                CheckHistogram(name, parsed);
            }
        }

        return families;
    }

    private static void CheckHistogram(string name, ParsedFamily family)
    {
        foreach (var series in family.Samples.GroupBy(s => string.Join(",", s.Labels.Where(l => l.Key != "le").OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}"))))
        {
            var buckets = series.Where(s => s.Name == name + "_bucket").ToList();
            var bounds = buckets.Select(b => Number(b.Labels["le"])).ToList();
            bounds.ShouldBe(bounds.Order());
            bounds[^1].ShouldBe(double.PositiveInfinity);
            buckets.Select(b => b.Value).ShouldBe(buckets.Select(b => b.Value).Order());
            series.Single(s => s.Name == name + "_count").Value.ShouldBe(buckets[^1].Value);
            series.Count(s => s.Name == name + "_sum").ShouldBe(1);
        }
    }

    private static string[] Suffixes(string type) => type == "histogram" ? ["_bucket", "_sum", "_count"] : [""];

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string text) => Escape().Replace(text, match => match.Value switch
    {
        @"\\" => @"\",
        "\\\"" => "\"",
        @"\n" => "\n",
        _ => throw new FormatException(match.Value),
    });

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>([^\\]|\\\\|\\n)*)$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\\\|\\"|\\n)*)"(,(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\\\|\\"|\\n)*)")*\})? (?<number>[+-]?(Inf|[0-9.]+([eE][+-]?[0-9]+)?)|NaN)$""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\\.", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Escape();
}

internal sealed record ParsedFamily(string Type, List<ParsedSample> Samples);

internal sealed record ParsedSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string Key => Name + string.Join(",", Labels.OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}"));
}
