using System.Globalization;

namespace Minion.Yaml;

/// <summary>
/// Reads the fields of one mapping as the types that they must have. Everything that is wrong goes to the problems, and the reader goes on, so
/// that a file's errors are all found at once. <see cref="Done"/> reports the keys that nobody asked for.
/// </summary>
public sealed class MapReader(YamlMap map, Substitution substitution, Problems problems)
{
    private readonly List<string> _allowed = [];

    /// <summary>The mapping that is read.</summary>
    public YamlMap Map => map;

    /// <summary>The reader of <paramref name="node"/>; null, with a problem noted, when it is no mapping.</summary>
    public static MapReader? For(YamlNode? node, Substitution substitution, Problems problems)
    {
        if (node is YamlMap map)
        {
            return new MapReader(map, substitution, problems);
        }

        if (node is not null)
        {
            problems.Add(node, $"must be a mapping (key: value), not {node.Kind}");
        }

        return null;
    }

    /// <summary>The node under <paramref name="key"/>, which is thereby allowed; null when absent or empty.</summary>
    public YamlNode? Take(string key)
    {
        if (!_allowed.Contains(key))
        {
            _allowed.Add(key);
        }

        return map.Find(key) is { } node and not YamlScalar { IsNull: true } ? node : null;
    }

    /// <summary>As <see cref="Take"/>; its absence is a problem.</summary>
    public YamlNode? Require(string key, string what)
    {
        var node = Take(key);
        if (node is null)
        {
            problems.Add(map.Position, map.Path.Key(key), $"is missing: {what}");
        }

        return node;
    }

    /// <summary>Text with its variables; empty when absent.</summary>
    public string Text(string key) => TextOf(Take(key));

    /// <summary>As <see cref="Text"/>; its absence is a problem.</summary>
    public string RequiredText(string key, string what) => TextOf(Require(key, what));

    /// <summary>A whole number between two bounds, both included; null when absent or wrong.</summary>
    public long? Whole(string key, long least, long most)
    {
        if (Take(key) is not { } node)
        {
            return null;
        }

        var expected = most == long.MaxValue ? $"a whole number, {least} or more" : $"a whole number from {least} to {most}";
        return NumberText(node, expected) is not { } text
            ? null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse<long>(node, expected, text);
    }

    /// <summary>A number between two bounds, both included; null when absent or wrong.</summary>
    public double? Number(string key, double least, double most)
    {
        if (Take(key) is not { } node)
        {
            return null;
        }

        var expected = string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");
        return NumberText(node, expected) is not { } text
            ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse<double>(node, expected, text);
    }

    /// <summary>An amount between two bounds, both included, kept exactly as it is written; null when absent or wrong.</summary>
    public decimal? Amount(string key, decimal least, decimal most)
    {
        if (Take(key) is not { } node)
        {
            return null;
        }

        var expected = string.Create(CultureInfo.InvariantCulture, $"an amount from {least} to {most}");
        return NumberText(node, expected) is not { } text
            ? null
            : decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                && amount >= least && amount <= most
            ? amount
            : Refuse<decimal>(node, expected, text);
    }

    /// <summary>A duration between two bounds, both included; null when absent or wrong.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (Take(key) is not { } node)
        {
            return null;
        }

        var expected = $"{DurationText.Examples}, from {DurationText.Format(least)} to {DurationText.Format(most)}";
        if (node is not YamlScalar scalar)
        {
            return Refuse<TimeSpan>(node, expected, null);
        }

        var text = Resolve(scalar);
        return DurationText.Parse(text) is { } duration && duration >= least && duration <= most
            ? duration
            : Refuse<TimeSpan>(node, expected, text);
    }

    /// <summary>A list of texts with their variables; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Items(key, "a list of texts").Select(TextOf)];

    /// <summary>The items of a list; empty when absent.</summary>
    public IReadOnlyList<YamlNode> Items(string key, string expected)
    {
        switch (Take(key))
        {
            case null:
                return [];
            case YamlList list:
                return list.Items;
            case var other:
                problems.Add(other, $"must be {expected}, not {other.Kind}");
                return [];
        }
    }

    /// <summary>A mapping of texts to texts; empty when absent.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string key)
    {
        var reader = For(Take(key), substitution, problems);
        return reader is null ? new Dictionary<string, string>() : reader.Map.Entries.ToDictionary(e => e.Key, e => reader.TextOf(e.Value));
    }

    /// <summary>The reader of a mapping within this one, for example an item of a list; null, with a problem noted, when it is none.</summary>
    public MapReader? Within(YamlNode node) => For(node, substitution, problems);

    /// <summary>The reader of the mapping under <paramref name="key"/>; null when absent.</summary>
    public MapReader? Mapping(string key) => For(Take(key), substitution, problems);

    /// <summary>As <see cref="Mapping"/>; its absence is a problem.</summary>
    public MapReader? RequiredMapping(string key, string what) => For(Require(key, what), substitution, problems);

    /// <summary>The scalar's text with its variables.</summary>
    public string Resolve(YamlScalar scalar)
    {
        var text = substitution.Apply(scalar.Text, problem => problems.Add(scalar, problem));
        foreach (var problem in StorableText.Problems(text))
        {
            problems.Add(scalar, problem);
        }

        return text;
    }

    /// <summary>Reports each key that nobody asked for, with the nearest that is allowed, or else all that are.</summary>
    public void Done()
    {
        foreach (var entry in map.Entries.Where(e => !_allowed.Contains(e.Key)))
        {
            if (problems.IsFull)
            {
                return;
            }

            var help = Nearest.To(entry.Key, _allowed) is { } nearest ? $"Did you mean '{nearest}'?" : $"Allowed here: {string.Join(", ", _allowed)}";
            problems.Add(entry.Position, map.Path.Key(entry.Key), $"there is no such key. {help}");
        }
    }

    private string TextOf(YamlNode? node)
    {
        switch (node)
        {
            case null or YamlScalar { IsNull: true }:
                return "";
            case YamlScalar scalar:
                return Resolve(scalar);
            default:
                problems.Add(node, $"must be text, not {node.Kind}");
                return "";
        }
    }

    private string? NumberText(YamlNode node, string expected)
    {
        if (node is not YamlScalar scalar)
        {
            Refuse<long>(node, expected, null);
            return null;
        }

        var text = Resolve(scalar);
        if (!scalar.IsPlain && text == scalar.Text)
        {
            problems.Add(node, $"must be {expected}, not the text {Quoted.Of(text)} in quotes");
            return null;
        }

        return text;
    }

    private T? Refuse<T>(YamlNode node, string expected, string? text)
        where T : struct
    {
        if (!problems.Has(node.Path.ToString()))
        {
            problems.Add(node, $"must be {expected}, not {(text is null ? node.Kind : Quoted.Of(text))}");
        }

        return null;
    }
}
