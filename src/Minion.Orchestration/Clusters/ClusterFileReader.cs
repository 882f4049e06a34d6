using System.Text;
using System.Text.Json.Nodes;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Clusters.Sections;
using Minion.Orchestration.Clusters.Tools;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Schedules;
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
        var whole = new JsonObject();
        var name = Metadata(reader.RequiredMapping("metadata", "metadata: { name: … }"), whole);
        var policy = Policy(reader.Mapping(ClusterDefinition.Policy), whole);
        var models = Definitions(reader, "models", ModelReader.Read, m => m.Name, []);
        var places = new Dictionary<string, Position>();
        var agents = Definitions(reader, "agents", (r, p) => AgentReader.Read(r, policy, _behaviours, p), a => a.Name, places);
        var teams = Definitions(reader, ClusterDefinition.Teams, (r, p) => AgentReader.Read(r, policy, _behaviours, p), a => a.Name, places);
        Sections(reader, whole);
        Section.Put(whole, ClusterDefinition.Teams, [.. teams.Select(t => t.Definition.Name)]);
        var schedules = Definitions(reader, ScheduleReader.Key, ScheduleReader.Read, s => s.Name, []);
        reader.Done();
        return new ClusterFile(name, new ClusterDefinition(whole), reader.Map, models, [.. agents, .. teams]) { Schedules = schedules };
    }

    private void Sections(MapReader reader, JsonObject whole)
    {
        if (ToolSectionReader.Read(reader, _problems) is { } tools)
        {
            whole["tools"] = tools;
        }

        Section.Put(whole, "memory", MemoryReader.Read(reader.Mapping("memory"), _problems));
        Section.Put(whole, "evaluation", EvaluationReader.Read(reader.Mapping("evaluation")));
        Section.Put(whole, "rollout", RolloutReader.Read(reader.Mapping("rollout"), _problems));
    }

    private static Limits Policy(MapReader? reader, JsonObject whole)
    {
        var most = reader?.Whole("max_concurrent_runs", 1, RunLimitWriter.Most);
        var limits = LimitsReader.Read(reader);
        var policy = AgentYaml.Node(limits);
        Section.Put(policy, "max_concurrent_runs", most);
        Section.Put(whole, ClusterDefinition.Policy, policy);
        return limits;
    }

    private void Constant(MapReader reader, string key, string expected)
    {
        var given = reader.RequiredText(key, $"'{key}: {expected}'");
        if (given != expected && reader.Map.Find(key) is YamlScalar { IsNull: false } node)
        {
            _problems.Add(node, $"must be {expected}, not {Quoted.Of(given)}");
        }
    }

    private string Metadata(MapReader? reader, JsonObject whole)
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

        var description = reader.Text("description");
        Section.Put(whole, "description", description);
        if (description.Length > LongestDescription)
        {
            _problems.Add(reader.Map.Find("description")!, $"has more than {LongestDescription} characters");
        }

        Section.Put(whole, "labels", new JsonObject(reader.TextMap("labels").Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))));
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
