using System.Text;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads a cluster file, YAML or JSON: all errors at once, each with its place. Pure; what only the store knows is checked by <see cref="ClusterPlan"/>.</summary>
internal sealed class ClusterFileReader
{
    private const int LongestDescription = 2000;
    private const int MostDefinitions = 1000;
    private readonly Problems _problems;
    private readonly Substitution _substitution;
    private readonly BehaviourRegistry _behaviours;

    private ClusterFileReader(Problems problems, IReadOnlyDictionary<string, string> environment, BehaviourRegistry behaviours)
    {
        _behaviours = behaviours;
        _problems = problems;
        _substitution = new Substitution(environment);
    }

    public static ClusterReading Read(string content, string source, IReadOnlyDictionary<string, string> environment, BehaviourRegistry behaviours)
    {
        var problems = new Problems();
        source = source.Length == 0 ? "cluster.yaml" : Quoted.Cut(source, 200);
        if (Encoding.UTF8.GetByteCount(content) is > ClusterFile.MostBytes and var bytes)
        {
            problems.Add(Position.Start, "", $"the file has {bytes:N0} bytes; at most {ClusterFile.MostBytes:N0} (1 MiB) are allowed: divide it into several clusters");
            return new ClusterReading(source, null, problems);
        }

        var root = YamlTree.Parse(content, problems, $"apiVersion: {ClusterFile.ApiVersion}");
        var file = root is null ? null : new ClusterFileReader(problems, environment, behaviours).Root(root);
        return new ClusterReading(source, file, problems);
    }

    private ClusterFile? Root(YamlNode root)
    {
        if (MapReader.For(root, _substitution, _problems) is not { } reader)
        {
            return null;
        }

        Constant(reader, "apiVersion", ClusterFile.ApiVersion);
        Constant(reader, "kind", ClusterFile.Kind);
        var name = Metadata(reader.RequiredMapping("metadata", "metadata: { name: … }"));
        var policy = LimitsReader.Read(reader.Mapping("resource_policy"));
        var models = Definitions(reader, "models", ModelReader.Read, m => m.Name, []);
        var places = new Dictionary<string, Position>();
        List<Declared<AgentDefinition>> agents =
        [
            .. Definitions(reader, "agents", (r, p) => AgentReader.Read(r, policy, _behaviours, p), a => a.Name, places),
            .. Definitions(reader, "teams", (r, p) => AgentReader.Read(r, policy, _behaviours, p), a => a.Name, places),
        ];
        reader.Done();
        return new ClusterFile(name, models, agents);
    }

    private void Constant(MapReader reader, string key, string expected)
    {
        var given = reader.RequiredText(key, $"'{key}: {expected}'");
        if (given != expected && reader.Map.Find(key) is YamlScalar { IsNull: false } node)
        {
            _problems.Add(node, $"must be {expected}, not {Quoted.Of(given)}");
        }
    }

    private string Metadata(MapReader? reader)
    {
        if (reader is null)
        {
            return "";
        }

        var name = reader.RequiredText("name", TextRules.NameForm);
        if (name.Length > 0 && !TextRules.IsName(name))
        {
            _problems.Add(reader.Map.Find("name")!, $"{Quoted.Of(name)} is not a name: {TextRules.NameForm}");
        }

        if (reader.Text("description").Length > LongestDescription)
        {
            _problems.Add(reader.Map.Find("description")!, $"has more than {LongestDescription} characters");
        }

        reader.TextMap("labels");
        reader.Done();
        return name;
    }

    private List<Declared<T>> Definitions<T>(MapReader reader, string key, Func<MapReader, Problems, T> read, Func<T, string> nameOf, Dictionary<string, Position> places)
    {
        var nodes = reader.Items(key, "a list, each item starting with '- name: …'");
        if (nodes.Count > MostDefinitions)
        {
            _problems.Add(reader.Map.Find(key)!, $"has {nodes.Count} entries; at most {MostDefinitions} are allowed");
        }

        var declared = new List<Declared<T>>();
        foreach (var node in nodes.Take(MostDefinitions))
        {
            if (MapReader.For(node, _substitution, _problems) is not { } item)
            {
                continue;
            }

            var definition = read(item, _problems);
            declared.Add(new Declared<T>(definition, item.Map));
            var name = nameOf(definition);
            if (name.Length > 0 && !places.TryAdd(name, node.Position))
            {
                _problems.Add(item.Map.Find("name") ?? node, $"the name '{Quoted.Cut(name, 63)}' is used twice; the first is in line {places[name].Line}");
            }
        }

        return declared;
    }
}
