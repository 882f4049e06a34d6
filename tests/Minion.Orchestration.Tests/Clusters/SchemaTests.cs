using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Minion.Orchestration.Clusters;
using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Clusters;

/// <summary>Holds <c>schemas/agent-cluster.schema.json</c> against the reader: every key that one knows, the other knows.</summary>
public sealed partial class SchemaTests
{
    private const string Unknown = "zzzzzzzzzzzzzzzz";

    /// <summary>A file with each mapping that there is.</summary>
    private const string Everything = """
        {
          "metadata": {},
          "resource_policy": {},
          "models": [ { "price": { "long_context": {} }, "rules": [ {} ], "cache": {} } ],
          "tools": [ { "rate": {}, "rules": [ {} ], "examples": [ {} ], "error_hints": [ {} ] } ],
          "memory": { "recall": {} },
          "evaluation": { "gates": {} },
          "rollout": {},
          "agents": [ { "limits": {}, "approvals": [ {} ], "context": {} } ],
          "teams": [ { "limits": {}, "approvals": [ {} ], "context": {} } ],
          "schedules": [ {} ]
        }
        """;

    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Root(), "schemas", "agent-cluster.schema.json")))!.AsObject();

    [Fact]
    public void The_schema_has_every_key_that_the_reader_knows_and_no_other()
    {
        var file = JsonNode.Parse(Everything)!.AsObject();
        var mappings = new List<string>();
        AddUnknown(file, "", mappings);

        var allowed = Files.Read(file.ToJsonString()).Problems.InOrder
            .Where(p => p.Path.EndsWith(Unknown, StringComparison.Ordinal))
            .ToDictionary(p => p.Path[..^Unknown.Length].TrimEnd('.'), p => Keys(p.Message));

        allowed.Keys.Order().ShouldBe(mappings.Order());
        foreach (var (path, keys) in allowed)
        {
            Properties(At(path)).Select(p => p.Key).Order().ShouldBe(keys.Order(), $"at '{path}'");
        }
    }

    [Fact]
    public void The_schema_has_every_behaviour_with_its_options()
    {
        var behaviours = At("agents[0].behaviour")["anyOf"]![1]!["properties"]!.AsObject();

        behaviours.Select(b => b.Key).Order().ShouldBe(BehaviourRegistry.BuiltIn.Names.Order());
        foreach (var (name, schema) in behaviours)
        {
            var file = Files.WithAgent($"behaviour: {{ {name}: {{ {Unknown}: 1 }} }}");
            var problem = Files.Read(file).Problems.InOrder.Single(p => p.Path.EndsWith(Unknown, StringComparison.Ordinal));
            Properties(schema!).Select(p => p.Key).Order().ShouldBe(Keys(problem.Message).Order(), name);
        }
    }

    [Fact]
    public void Every_key_says_what_it_is_for()
    {
        var mute = new List<string>();
        FindMute(Schema, "", mute);
        mute.ShouldBeEmpty();
    }

    [Fact]
    public void Every_example_is_completed_by_the_schema()
    {
        var examples = Directory.GetFiles(Path.Combine(Root(), "examples"), "*.yaml", SearchOption.AllDirectories);
        examples.ShouldNotBeEmpty();
        foreach (var example in examples)
        {
            var tree = Yaml.YamlTree.Parse(File.ReadAllText(example), new Yaml.Problems(), "")!;
            CheckKnown(tree, Schema, example);
        }
    }

    private static void AddUnknown(JsonNode node, string path, List<string> mappings)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map.ToList())
                {
                    AddUnknown(value!, path.Length == 0 ? key : $"{path}.{key}", mappings);
                }

                map[Unknown] = 1;
                mappings.Add(path);
                break;
            case JsonArray list:
                AddUnknown(list[0]!, path + "[0]", mappings);
                break;
        }
    }

    private static void CheckKnown(Yaml.YamlNode node, JsonNode schema, string place)
    {
        schema = Resolved(schema);
        if (node is Yaml.YamlList list)
        {
            foreach (var item in list.Items)
            {
                CheckKnown(item, schema["items"]!, place);
            }
        }
        else if (node is Yaml.YamlMap map)
        {
            schema = schema["anyOf"]?[1] ?? schema;
            foreach (var entry in map.Entries)
            {
                if (schema["properties"]?[entry.Key] is { } known)
                {
                    CheckKnown(entry.Value, known, $"{place} {entry.Key}");
                }
                else
                {
                    (schema["additionalProperties"] is JsonValue no && !no.GetValue<bool>()).ShouldBeFalse($"{place}: {entry.Key} is not in the schema");
                }
            }
        }
    }

    private static void FindMute(JsonNode schema, string path, List<string> mute)
    {
        foreach (var (key, value) in schema["properties"]?.AsObject() ?? [])
        {
            if (value!["description"] is null && Resolved(value)["description"] is null)
            {
                mute.Add($"{path}.{key}");
            }

            if (value["$ref"] is null)
            {
                FindMute(value, $"{path}.{key}", mute);
            }
        }

        foreach (var below in new[] { schema["items"], schema["anyOf"]?[1], schema["$defs"]?["agent"] }.OfType<JsonObject>().Where(s => s["$ref"] is null))
        {
            FindMute(below, path, mute);
        }
    }

    private static JsonNode At(string path)
    {
        JsonNode at = Schema;
        foreach (var key in path.Split('.', '[').Where(k => k.Length > 0))
        {
            at = Resolved(at);
            at = key.EndsWith(']') ? at["items"]! : at["properties"]![key]!;
        }

        return Resolved(at);
    }

    private static JsonObject Properties(JsonNode schema) => schema["properties"]!.AsObject();

    private static JsonNode Resolved(JsonNode schema) =>
        schema["$ref"]?.GetValue<string>() is { } reference ? Schema["$defs"]![reference["#/$defs/".Length..]]! : schema;

    private static string[] Keys(string message) => Allowed().Match(message) is { Success: true } match
        ? match.Groups["keys"].Value.TrimEnd('.').Split(", ")
        : [];

    private static string Root([CallerFilePath] string thisFile = "")
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Minion.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
    }

    [GeneratedRegex("Allowed here: (?<keys>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Allowed();
}
