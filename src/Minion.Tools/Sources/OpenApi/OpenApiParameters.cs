using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Tools.Sources.Http;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>An operation's parameters and body as arguments: their schema, and where each goes.</summary>
internal sealed class OpenApiParameters(OpenApiDocument document, OpenApiSchemas schemas)
{
    private static readonly string[] NotParameters = ["accept", "content-type", "authorization"];

    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];

    public List<HttpParameter> Parameters { get; } = [];

    public HttpBody? Body { get; private set; }

    /// <summary>Those of the path and of the operation; the latter count where both have one.</summary>
    public void Add(JsonElement pathItem, JsonElement operation)
    {
        var all = OpenApiDocument.Items(pathItem, "parameters").Concat(OpenApiDocument.Items(operation, "parameters")).Select(document.Resolve)
            .GroupBy(parameter => (OpenApiDocument.Text(parameter, "name"), OpenApiDocument.Text(parameter, "in"))).Select(group => group.Last());
        foreach (var parameter in all)
        {
            Add(parameter);
        }
    }

    /// <summary>The body as the argument <c>body</c>.</summary>
    public void AddBody(JsonElement operation)
    {
        if (OpenApiDocument.Member(operation, "requestBody") is not { } reference)
        {
            return;
        }

        var request = document.Resolve(reference);
        var required = OpenApiDocument.Flag(request, "required");
        foreach (var (kind, fits) in Kinds)
        {
            foreach (var media in OpenApiDocument.Members(request, "content").Where(media => fits(media.Name.Split(';')[0].Trim().ToLowerInvariant())))
            {
                if (kind == BodyKind.Multipart && HasFiles(media.Value))
                {
                    continue;
                }

                var argument = Argument("body", "body");
                Body = new HttpBody(media.Name.Split(';')[0].Trim() is var type && type.Contains('*', StringComparison.Ordinal) ? "application/json" : type, kind, argument, []);
                Property(argument, OpenApiDocument.Member(media.Value, "schema"), OpenApiDocument.Text(request, "description"), required);
                return;
            }
        }

        if (required)
        {
            throw new OpenApiException("needs a body of a kind that cannot be sent: " + string.Join(", ", OpenApiDocument.Members(request, "content").Select(media => media.Name)));
        }
    }

    /// <summary>The arguments' schema.</summary>
    public JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = _properties, ["required"] = _required, ["additionalProperties"] = false };
        var definitions = schemas.Definitions();
        if (definitions.Count > 0)
        {
            schema["$defs"] = definitions;
        }

        return schema;
    }

    private static readonly (BodyKind Kind, Func<string, bool> Fits)[] Kinds =
    [
        (BodyKind.Json, type => type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal) || type == "*/*"),
        (BodyKind.Form, type => type == "application/x-www-form-urlencoded"),
        (BodyKind.Multipart, type => type == "multipart/form-data"),
        (BodyKind.Text, type => type.StartsWith("text/", StringComparison.Ordinal) || type is "application/xml"),
    ];

    private void Add(JsonElement parameter)
    {
        var (name, place) = (OpenApiDocument.Text(parameter, "name"), OpenApiDocument.Text(parameter, "in"));
        if (place == "header" && (NotParameters.Contains(name, StringComparer.OrdinalIgnoreCase) || HttpNames.IsReserved(name)))
        {
            return; // what the connection or the authentication says
        }

        if (name.Length is 0 or > 200 || !Enum.TryParse<ParameterPlace>(place, ignoreCase: true, out var at) || (at == ParameterPlace.Header && !HttpNames.IsToken(name)))
        {
            throw new OpenApiException($"has a parameter '{name}' in '{place}', which cannot be sent");
        }

        var content = OpenApiDocument.Members(parameter, "content").FirstOrDefault();
        var isContent = content.Value.ValueKind == JsonValueKind.Object;
        var style = isContent ? ParameterStyle.Json : Style(OpenApiDocument.Text(parameter, "style"));
        var argument = Argument(name, place);
        Parameters.Add(new HttpParameter(argument, name, at)
        {
            Style = style,
            Explode = OpenApiDocument.Flag(parameter, "explode", at is ParameterPlace.Query or ParameterPlace.Cookie && style is ParameterStyle.Plain or ParameterStyle.DeepObject),
        });
        Property(
            argument,
            OpenApiDocument.Member(isContent ? content.Value : parameter, "schema"),
            OpenApiDocument.Text(parameter, "description"),
            at == ParameterPlace.Path || OpenApiDocument.Flag(parameter, "required"));
    }

    private void Property(string argument, JsonElement? schema, string description, bool required)
    {
        var converted = schema is { } given ? schemas.Convert(given) : JsonValue.Create(true);
        if (description.Length > 0)
        {
            converted = converted is JsonObject ? converted : new JsonObject();
            converted["description"] ??= description.Length <= 400 ? description : description[..400] + "…";
        }

        _properties[argument] = converted;
        if (required)
        {
            _required.Add(argument);
        }
    }

    private string Argument(string name, string place)
    {
        var plain = HttpNames.IsArgument(name)
            ? name
            : new string([.. name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_')]).Trim('_') is { Length: > 0 } fitted ? fitted[..Math.Min(48, fitted.Length)] : place;
        var argument = plain;
        for (var i = 1; _properties.ContainsKey(argument); i++)
        {
            argument = i == 1 ? $"{plain}_{place}" : $"{plain}_{place}{i}";
        }

        return argument;
    }

    private bool HasFiles(JsonElement media) =>
        OpenApiDocument.Member(media, "schema") is { } schema
        && OpenApiDocument.Members(document.Resolve(schema), "properties").Any(property => OpenApiDocument.Text(property.Value, "format") == "binary"
            || OpenApiDocument.Text(property.Value, "contentMediaType") == "application/octet-stream");

    private static ParameterStyle Style(string style) => style switch
    {
        "spaceDelimited" => ParameterStyle.SpaceDelimited,
        "pipeDelimited" => ParameterStyle.PipeDelimited,
        "deepObject" => ParameterStyle.DeepObject,
        "label" => ParameterStyle.Label,
        "matrix" => ParameterStyle.Matrix,
        _ => ParameterStyle.Plain,
    };
}
