using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Schemas;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.Http;

/// <summary>Reads one tool under <c>http: tools:</c>.</summary>
internal static class HttpToolSettings
{
    private static readonly string[] OwnKeys = ["in", "name", "required", "style", "explode"];

    public static HttpOperation? Read(SettingsReader reader)
    {
        var name = reader.Text("name", longest: 64, required: true);
        var description = reader.Text("description", required: true);
        var method = new HttpMethod(reader.Choice("method", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"));
        var path = reader.Text("path");
        reader.Check(path.Length == 0 || path[0] is '/' or '?', "path", "must start with '/'.");
        var bodyKind = reader.Choice("body", "json", "form", "multipart", "text");
        var effect = SourceEffects.Read(reader, HttpOperation.EffectOf(method));
        var result = reader.Text("result", longest: 500);
        reader.Check(result.Length == 0 || result[0] == '/', "result", "must be a JSON Pointer such as /data/items.");
        var timeout = reader.Time("timeout", TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        var output = reader.Json("output");
        var (parameters, members, input) = Parameters(reader, method, path);
        reader.Done();

        var operation = new HttpOperation
        {
            Id = name,
            Description = description,
            Method = method,
            Path = path,
            Parameters = parameters,
            Body = members.Count == 0 ? null : Body(bodyKind, members),
            InputSchema = input.ToJsonString(),
            OutputSchema = HttpOutput.Of(output),
            Effect = effect,
            Result = result,
            Timeout = timeout > TimeSpan.Zero ? timeout : null,
        };
        return CheckSchema(reader, "parameters", operation.InputSchema) & CheckSchema(reader, "output", operation.OutputSchema) ? operation : null;
    }

    private static (List<HttpParameter> Parameters, List<string> Members, JsonObject Input) Parameters(SettingsReader reader, HttpMethod method, string path)
    {
        var (parameters, members) = (new List<HttpParameter>(), new List<string>());
        var (properties, required) = (new JsonObject(), new JsonArray());
        if (reader.Object("parameters") is { } declared && reader.Json("parameters") is { } all)
        {
            foreach (var member in all.EnumerateObject())
            {
                declared.Check(HttpNames.IsArgument(member.Name), JsonPointer.Escape(member.Name), "must have a name of 1 to 64 letters, digits, '_', '.' and '-'.");
                if (declared.Object(member.Name) is not { } parameter)
                {
                    continue;
                }

                var sent = parameter.Text("name", longest: 200) is { Length: > 0 } other ? other : member.Name;
                var inPath = path.Contains($"{{{sent}}}", StringComparison.Ordinal);
                var place = Place(parameter, inPath, method);
                parameter.Check(place != "path" || inPath, "in", $"is path, but the path has no {{{sent}}}.");
                parameter.Check(place != "header" || (HttpNames.IsToken(sent) && !HttpNames.IsReserved(sent)), "name", $"'{sent}' is no header that can be set.");
                if (parameter.Flag("required", inPath))
                {
                    required.Add(member.Name);
                }

                properties[member.Name] = Schema(member.Value);
                if (place == "body")
                {
                    members.Add(member.Name);
                }
                else
                {
                    parameters.Add(new HttpParameter(member.Name, sent, Enum.Parse<ParameterPlace>(place, ignoreCase: true)) { Explode = parameter.Flag("explode", place != "header") });
                }
            }
        }

        foreach (var missing in Names(path).Where(name => !parameters.Exists(parameter => parameter.Place == ParameterPlace.Path && parameter.Name == name)))
        {
            reader.Problem("path", $"has {{{missing}}}, but there is no such parameter.");
        }

        return (parameters, members, new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = false,
        });
    }

    private static string Place(SettingsReader parameter, bool inPath, HttpMethod method)
    {
        var usual = inPath ? "path" : method == HttpMethod.Post || method == HttpMethod.Put || method == HttpMethod.Patch ? "body" : "query";
        return parameter.Has("in") ? parameter.Choice("in", "query", "path", "header", "cookie", "body") : usual;
    }

    private static JsonObject Schema(JsonElement parameter)
    {
        var schema = JsonNode.Parse(parameter.GetRawText())!.AsObject();
        foreach (var key in OwnKeys)
        {
            schema.Remove(key);
        }

        return schema;
    }

    private static HttpBody Body(string kind, List<string> members) => kind switch
    {
        "form" => new HttpBody("application/x-www-form-urlencoded", BodyKind.Form, "", members),
        "multipart" => new HttpBody("multipart/form-data", BodyKind.Multipart, "", members),
        "text" => new HttpBody("text/plain", BodyKind.Text, members[0], []),
        _ => new HttpBody("application/json", BodyKind.Json, "", members),
    };

    private static bool CheckSchema(SettingsReader reader, string key, string schema)
    {
        try
        {
            JsonSchema.Parse(schema);
            return true;
        }
        catch (SchemaException exception)
        {
            reader.Problem(key, $"must be JSON Schema: {exception.Message}");
            return false;
        }
    }

    private static IEnumerable<string> Names(string path) =>
        path.Split('{').Skip(1).Select(part => part.Split('}')[0]);
}
