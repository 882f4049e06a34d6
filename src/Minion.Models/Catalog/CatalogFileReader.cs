using System.Globalization;
using Minion.Yaml;

namespace Minion.Models.Catalog;

/// <summary>Reads a file of models: all errors at once, each with its place. Pure.</summary>
internal sealed class CatalogFileReader
{
    /// <summary>The largest file, in characters.</summary>
    public const int Longest = 4 * 1024 * 1024;

    private const int MostModels = 2000;
    private const long MostTokens = 1_000_000_000;
    private const decimal HighestPrice = 1_000_000;
    private readonly Problems _problems;
    private readonly Substitution _substitution = new(new Dictionary<string, string>());

    private CatalogFileReader(Problems problems) => _problems = problems;

    public static CatalogFile? Read(string content, Problems problems)
    {
        if (content.Length > Longest)
        {
            problems.Add(Position.Start, "", $"the file has {content.Length:N0} characters; at most {Longest:N0} are allowed");
            return null;
        }

        var root = YamlTree.Parse(content, problems, "models:");
        return MapReader.For(root, new Substitution(new Dictionary<string, string>()), problems) is { } reader
            ? new CatalogFileReader(problems).File(reader)
            : null;
    }

    private CatalogFile File(MapReader reader)
    {
        var asOf = AsOf(reader);
        var entries = new List<CatalogEntry>();
        var places = new Dictionary<string, Position>();
        var nodes = reader.Items("models", "a list, each item starting with '- provider: …'");
        if (nodes.Count > MostModels)
        {
            _problems.Add(reader.Map.Find("models")!, $"has {nodes.Count} entries; at most {MostModels} are allowed");
        }

        foreach (var node in nodes.Take(MostModels))
        {
            if (MapReader.For(node, _substitution, _problems) is not { } item)
            {
                continue;
            }

            var entry = Entry(item);
            entries.Add(entry);
            if (entry is { Provider.Length: > 0, Model.Length: > 0 } && !places.TryAdd(entry.Name, node.Position))
            {
                _problems.Add(node, $"the model {Quoted.Of(entry.Name)} stands here a second time; the first is in line {places[entry.Name].Line}");
            }
        }

        var tools = Tools(reader.Mapping("tools"));
        reader.Done();
        return new CatalogFile(asOf, entries, tools);
    }

    private static Dictionary<string, decimal> Tools(MapReader? reader) =>
        reader?.Map.Entries.Select(e => (e.Key, Price: reader.Amount(e.Key, 0, HighestPrice) ?? 0)).Where(t => t.Price > 0).ToDictionary(t => t.Key, t => t.Price) ?? [];

    private DateOnly? AsOf(MapReader reader)
    {
        var text = reader.Text("as_of");
        if (text.Length == 0)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        _problems.Add(reader.Map.Find("as_of")!, $"must be a day such as 2026-01-31, not {Quoted.Of(text)}");
        return null;
    }

    private CatalogEntry Entry(MapReader reader)
    {
        var provider = Choice(reader.Require("provider", $"one of {string.Join(", ", CatalogProviders.Names)}"), CatalogProviders.Names, "provider");
        var model = reader.RequiredText("model", "the model's name at its provider");
        if (model.Length > 128 || model.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            _problems.Add(reader.Map.Find("model")!, "must have at most 128 characters, none of them a space");
        }

        var entry = new CatalogEntry(provider, model, reader.Map)
        {
            ContextWindow = reader.Whole("context_window", 1, MostTokens),
            MaxOutput = reader.Whole("max_output", 0, MostTokens),
            Price = PriceReader.Read(reader.Mapping("price"), HighestPrice),
            Capabilities = Choices(reader, "capabilities", ModelCapabilities.Names, "capability"),
            Tier = reader.Take("tier") is { } tier ? ModelTiers.Find(Choice(tier, ModelTiers.Names, "tier")) : null,
            Failover = reader.Map.Find("failover") is null ? Nothing(reader, "failover") : reader.Texts("failover"),
        };
        reader.Done();
        return entry;
    }

    private static IReadOnlyList<string>? Nothing(MapReader reader, string key)
    {
        reader.Take(key);
        return null;
    }

    private IReadOnlyList<string>? Choices(MapReader reader, string key, IReadOnlyList<string> allowed, string what) =>
        reader.Map.Find(key) is null
            ? Nothing(reader, key)
            : [.. reader.Items(key, "a list").Select(i => Choice(i, allowed, what)).Where(c => c.Length > 0)];

    private string Choice(YamlNode? node, IReadOnlyList<string> allowed, string what)
    {
        if (node is null)
        {
            return "";
        }

        if (node is YamlScalar scalar && allowed.Contains(scalar.Text))
        {
            return scalar.Text;
        }

        var help = node is YamlScalar { Text: var given } && Nearest.To(given, allowed) is { } nearest
            ? $"Did you mean '{nearest}'?"
            : $"Allowed: {string.Join(", ", allowed)}";
        _problems.Add(node, $"there is no {what} {node.Kind}. {help}");
        return "";
    }
}
