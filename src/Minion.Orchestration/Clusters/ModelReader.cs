using System.Text.Json;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads one entry of <c>models</c>. What a provider asks for, and what a script must be, the models library says.</summary>
internal static class ModelReader
{
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    private const long MostTokens = 1_000_000_000;

    public static ModelDefinition Read(MapReader reader, Problems problems)
    {
        var definition = new ModelDefinition
        {
            Name = reader.RequiredText("name", TextRules.NameForm),
            Provider = reader.RequiredText("provider", $"one of {string.Join(", ", ModelProviders.Names)}"),
            Model = Absent(reader.Text("model")),
            Url = Absent(reader.Text("url")),
            ApiKeyVariable = KeyVariable(reader, problems),
            Timeout = reader.Duration("timeout", LeastTimeout, LongestTimeout),
            IdleTimeout = reader.Duration("idle_timeout", LeastTimeout, LongestTimeout),
            ContextWindow = reader.Whole("context_window", 1, MostTokens),
            MaxOutput = reader.Whole("max_output", 1, MostTokens),
            Price = PriceReader.Read(reader.Mapping("price")),
            Tier = Absent(reader.Text("tier")),
            Failover = RouteReader.List(reader, "failover"),
            Route = RouteReader.Read(reader, problems),
            Script = Script(reader),
            Cache = CacheReader.Read(reader.Mapping("cache"), problems),
        };
        reader.Done();
        foreach (var (path, message) in definition.Validate())
        {
            problems.AddUnder(reader.Map, path == "api_key_variable" ? "api_key" : path, message);
        }

        return definition;
    }

    /// <summary>
    /// A key must not be in a file, nor leave the machine where it is set: only a reference is taken, and only its name is kept. The value is never
    /// shown, because it may be a key.
    /// </summary>
    private static string? KeyVariable(MapReader reader, Problems problems)
    {
        const string expected = "must be exactly a reference to a variable ending in _API_KEY, such as ${MY_PROVIDER_API_KEY}, set where the server runs";
        switch (reader.Take("api_key"))
        {
            case null:
                return null;
            case YamlScalar scalar when Substitution.OnlyReference(scalar.Text) is { } variable:
                return variable;
            case var other:
                problems.Add(other, expected);
                return null;
        }
    }

    private static JsonElement? Script(MapReader reader) =>
        reader.Take("script") is { } node && YamlJson.Convert(node, reader.Resolve) is { } script
            ? JsonSerializer.SerializeToElement(script)
            : null;

    private static string? Absent(string text) => text.Length == 0 ? null : text;
}
