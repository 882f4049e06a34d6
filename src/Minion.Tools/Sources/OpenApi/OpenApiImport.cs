using System.IO.Enumeration;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources.Http;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>Makes operations of a description. What cannot become one is left out, and said.</summary>
internal static class OpenApiImport
{
    private const int MostOperations = 300;
    private const int LargestSchema = 48 * 1024;
    private const int LongestDescription = 1500;
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    /// <summary>The operations that <paramref name="wanted"/> names, by id, by <c>METHOD /path</c> or by <c>tag:name</c>, with wildcards; all when it names none.</summary>
    /// <param name="document">The description.</param>
    /// <param name="wanted">Patterns.</param>
    /// <param name="server">The server's URL where it is not the description's own.</param>
    /// <param name="from">Where the description came from, for relative servers; null when it was given as a text.</param>
    public static OpenApiOperations Read(OpenApiDocument document, IReadOnlyList<string> wanted, Uri? server, Uri? from)
    {
        var (operations, leftOut, ids) = (new List<HttpOperation>(), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var path in OpenApiDocument.Members(document.Root, "paths").Where(path => path.Name.StartsWith('/')))
        {
            foreach (var found in Operations(document, path, leftOut))
            {
                var place = $"{found.Name.ToUpperInvariant()} {path.Name}";
                var id = OpenApiDocument.Text(found.Value, "operationId") is { Length: > 0 and <= 200 } given && !ids.Contains(given) ? given : place;
                if (wanted.Count > 0 && !wanted.Any(pattern => Fits(pattern, id, place, found.Value)))
                {
                    continue;
                }

                ids.Add(id);
                if (operations.Count == MostOperations)
                {
                    leftOut.Add($"{id}: there are more than {MostOperations} operations; name those that are wanted under 'operations'");
                    continue;
                }

                try
                {
                    operations.Add(Operation(document, id, path, found, Server(document, path.Value, found.Value, server, from)));
                }
                catch (OpenApiException exception)
                {
                    leftOut.Add($"{id} {exception.Message}");
                }
            }
        }

        return new OpenApiOperations(operations, leftOut);
    }

    private static IEnumerable<JsonProperty> Operations(OpenApiDocument document, JsonProperty path, List<string> leftOut)
    {
        try
        {
            return [.. document.Resolve(path.Value).ValueKind == JsonValueKind.Object
                ? document.Resolve(path.Value).EnumerateObject().Where(member => Methods.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
                : []];
        }
        catch (OpenApiException exception)
        {
            leftOut.Add($"{path.Name} {exception.Message}");
            return [];
        }
    }

    private static HttpOperation Operation(OpenApiDocument document, string id, JsonProperty path, JsonProperty found, Uri server)
    {
        var method = new HttpMethod(found.Name.ToUpperInvariant());
        foreach (var withDescriptions in new[] { true, false })
        {
            var arguments = new OpenApiParameters(document, new OpenApiSchemas(document, withDescriptions));
            arguments.Add(document.Resolve(path.Value), found.Value);
            arguments.AddBody(found.Value);
            var schema = arguments.Schema();
            var text = schema.ToJsonString();
            if (text.Length > LargestSchema)
            {
                continue;
            }

            if (!OpenApiSchemas.IsSchema(schema))
            {
                throw new OpenApiException("has schemas that are no JSON Schema");
            }

            var missing = path.Name.Split('{').Skip(1).Select(part => part.Split('}')[0])
                .FirstOrDefault(name => !arguments.Parameters.Exists(parameter => parameter.Place == ParameterPlace.Path && parameter.Name == name));
            return missing is not null
                ? throw new OpenApiException($"has no parameter for {{{missing}}} of its path")
                : new HttpOperation
                {
                    Id = id,
                    Description = Description(id, path.Name, found),
                    Method = method,
                    Path = path.Name,
                    Server = server,
                    Parameters = arguments.Parameters,
                    Body = arguments.Body,
                    InputSchema = text,
                    OutputSchema = HttpOutput.Of(),
                    Effect = HttpOperation.EffectOf(method),
                };
        }

        throw new OpenApiException($"has schemas of more than {LargestSchema} bytes, which no model reads");
    }

    private static string Description(string id, string path, JsonProperty found)
    {
        var text = new StringBuilder();
        foreach (var part in new[] { OpenApiDocument.Text(found.Value, "summary"), OpenApiDocument.Text(found.Value, "description") }.Where(part => part.Trim().Length > 0).Distinct())
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(part.Trim());
        }

        text.Append(text.Length > 0 ? "" : $"{id} ({found.Name.ToUpperInvariant()} {path})").Append(OpenApiDocument.Flag(found.Value, "deprecated") ? "\nDeprecated: use another operation where there is one." : "");
        return text.Length <= LongestDescription ? text.ToString() : text.ToString(0, LongestDescription) + "…";
    }

    private static Uri Server(OpenApiDocument document, JsonElement path, JsonElement operation, Uri? server, Uri? from)
    {
        if (server is not null)
        {
            return server;
        }

        var declared = new[] { operation, path, document.Root }.SelectMany(level => OpenApiDocument.Items(level, "servers").Take(1)).FirstOrDefault();
        var text = declared.ValueKind == JsonValueKind.Object ? OpenApiDocument.Text(declared, "url") : "/";
        foreach (var variable in declared.ValueKind == JsonValueKind.Object ? OpenApiDocument.Members(declared, "variables") : [])
        {
            text = text.Replace($"{{{variable.Name}}}", OpenApiDocument.Text(variable.Value, "default"), StringComparison.Ordinal);
        }

        // On Unix a path alone counts as an absolute URL, of a file.
        Uri? url = null;
        var isUrl = text.Contains("://", StringComparison.Ordinal) ? Uri.TryCreate(text, UriKind.Absolute, out url) : from is not null && Uri.TryCreate(from, text, out url);
        return isUrl && url!.Scheme is "http" or "https" && Network.Urls.Check(url) is null
            ? url
            : throw new OpenApiException($"has no server that can be called ('{text}'); give one under 'server'");
    }

    private static bool Fits(string pattern, string id, string place, JsonElement operation) =>
        pattern.StartsWith("tag:", StringComparison.Ordinal)
            ? OpenApiDocument.Items(operation, "tags").Any(tag => Matches(pattern[4..], tag.ToString()))
            : Matches(pattern, id) || Matches(pattern, place);

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);
}

/// <summary>What a description gave.</summary>
/// <param name="Operations">Those that can be called.</param>
/// <param name="LeftOut">Those that cannot, each with the reason.</param>
internal sealed record OpenApiOperations(IReadOnlyList<HttpOperation> Operations, IReadOnlyList<string> LeftOut);
