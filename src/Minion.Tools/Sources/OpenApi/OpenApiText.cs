using System.Text.Json;
using Minion.Yaml;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>Reads the text of an OpenAPI description: JSON, or YAML without aliases and tags.</summary>
internal static class OpenApiText
{
    /// <summary>Bytes and characters that a description may have.</summary>
    public const int Limit = 8 * 1024 * 1024;

    private const int DeepestJson = 100;

    /// <exception cref="ToolSourceException">It is neither; says where.</exception>
    public static JsonElement Parse(string text)
    {
        if (text.Length > Limit)
        {
            throw new ToolSourceException($"The OpenAPI description has {text.Length} characters, more than {Limit}.");
        }

        if (text.AsSpan().TrimStart() is ['{', ..])
        {
            try
            {
                return JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = DeepestJson, AllowTrailingCommas = false });
            }
            catch (JsonException exception)
            {
                throw new ToolSourceException($"The OpenAPI description is no JSON: {exception.Message}");
            }
        }

        var problems = new Problems();
        var root = YamlTree.Parse(text, problems, beginning: "openapi: 3.1.0");
        if (root is null || problems.Any)
        {
            throw new ToolSourceException("The OpenAPI description is no YAML that can be read: "
                + string.Join("; ", problems.InOrder.Take(5).Select(problem => $"line {problem.Position.Line}: {problem.Message}")) + ".");
        }

        return JsonElement.Parse(YamlJson.Convert(root, scalar => scalar.Text)?.ToJsonString() ?? "null");
    }
}
