using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Tools.Schemas;

namespace Minion.Edge.Tests.OpenAi;

/// <summary>The schemas of OpenAI's own description of its API, where the machine has it.</summary>
internal static class OpenAiSchemas
{
    private const string Description = "protocol/openai-api/openapi_subset.json";
    private static readonly Lazy<JsonObject?> Document = new(Load);
    private static readonly Dictionary<string, JsonSchema> Compiled = [];

    /// <summary>Fails when the JSON is not what the schema says; skips the test when there is no schema.</summary>
    public static void ShouldBeA(this JsonElement json, string schema)
    {
        var errors = Schema(schema).Validate(json);
        errors.ShouldBeEmpty($"{json}\nis no {schema}: {string.Join("; ", errors)}");
    }

    private static JsonSchema Schema(string name)
    {
        Assert.SkipWhen(Document.Value is null, $"{Description} is neither in MINION_DATA nor in ../shared/data.");
        lock (Compiled)
        {
            if (!Compiled.TryGetValue(name, out var schema))
            {
                var root = new JsonObject { ["$ref"] = $"#/components/schemas/{name}", ["components"] = Document.Value!["components"]!.DeepClone() };
                Compiled[name] = schema = JsonSchema.Compile(JsonElement.Parse(root.ToJsonString()));
            }

            return schema;
        }
    }

    private static JsonObject? Load()
    {
        var path = Folders().Select(folder => Path.Combine(folder, Description)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return null;
        }

        var document = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (var schema in document["components"]!["schemas"]!.AsObject())
        {
            MakeNullable(schema.Value);
        }

        return document;
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("MINION_DATA") is { Length: > 0 } given)
        {
            yield return given;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "data");
        }
    }

    /// <summary>OpenAPI 3.0 says <c>nullable</c> where JSON Schema has a type <c>null</c>.</summary>
    private static void MakeNullable(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    MakeNullable(item);
                }

                break;
            case JsonObject members:
                foreach (var member in members.ToList())
                {
                    MakeNullable(member.Value);
                }

                if (members["nullable"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True)
                {
                    var itself = members.DeepClone().AsObject();
                    itself.Remove("nullable");
                    members.Clear();
                    members["anyOf"] = new JsonArray(itself, new JsonObject { ["type"] = "null" });
                }

                break;
        }
    }
}
