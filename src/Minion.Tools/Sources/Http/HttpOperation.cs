using System.Net.Http;
using System.Text.Json;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Sources.Http;

/// <summary>One thing that an HTTP API does, and how a model's arguments become a request for it.</summary>
internal sealed record HttpOperation
{
    /// <summary>What it is called at its source.</summary>
    public required string Id { get; init; }

    public required string Description { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>What follows the server's URL, for example <c>/pets/{petId}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The server's URL where it is not the source's.</summary>
    public Uri? Server { get; init; }

    public IReadOnlyList<HttpParameter> Parameters { get; init; } = [];

    public HttpBody? Body { get; init; }

    public required string InputSchema { get; init; }

    public required string OutputSchema { get; init; }

    public required Effect Effect { get; init; }

    /// <summary>JSON Pointer to the part of the answer that is the result; empty for all of it.</summary>
    public string Result { get; init; } = "";

    public TimeSpan? Timeout { get; init; }

    /// <summary>What an operation changes when nobody says it, by RFC 9110, section 9.2: safe, idempotent, or neither.</summary>
    public static Effect EffectOf(HttpMethod method) => method.Method switch
    {
        "GET" or "HEAD" or "OPTIONS" or "TRACE" => Effect.ReadOnly,
        "PUT" or "DELETE" => Effect.Idempotent,
        _ => Effect.SideEffect,
    };
}

/// <summary>An argument that becomes a part of the URL or a header.</summary>
/// <param name="Argument">Its name for the model.</param>
/// <param name="Name">Its name in the request.</param>
/// <param name="Place">Where it goes.</param>
internal sealed record HttpParameter(string Argument, string Name, ParameterPlace Place)
{
    public ParameterStyle Style { get; init; } = ParameterStyle.Plain;

    /// <summary>Whether each item, or each member, stands for itself.</summary>
    public bool Explode { get; init; } = true;
}

internal enum ParameterPlace
{
    Path,
    Query,
    Header,
    Cookie,
}

/// <summary>How lists and objects are written: https://spec.openapis.org/oas/v3.1.1.html#style-values.</summary>
internal enum ParameterStyle
{
    /// <summary><c>form</c> in a query or cookie, <c>simple</c> in a path or header.</summary>
    Plain,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Label,
    Matrix,

    /// <summary>The value as JSON.</summary>
    Json,
}

/// <summary>The body of a request.</summary>
/// <param name="MediaType">What it is sent as.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Argument">The argument that it is; empty when it is an object of <paramref name="Members"/>.</param>
/// <param name="Members">The arguments that are its members.</param>
internal sealed record HttpBody(string MediaType, BodyKind Kind, string Argument, IReadOnlyList<string> Members);

internal enum BodyKind
{
    Json,
    Form,
    Multipart,
    Text,
}

/// <summary>Schemas of operations' results.</summary>
internal static class HttpOutput
{
    private const string Whole = """{"type":"object","properties":{"status":{"type":"integer"},"content_type":{"type":"string"},"body":{},"truncated":{"type":"boolean"}},"required":["status","body"]}""";

    /// <summary>Any answer, or one whose body is what <paramref name="body"/> describes.</summary>
    public static string Of(JsonElement? body = null)
    {
        if (body is not { } schema)
        {
            return Whole;
        }

        var output = System.Text.Json.Nodes.JsonNode.Parse(Whole)!.AsObject();
        var node = System.Text.Json.Nodes.JsonNode.Parse(schema.GetRawText());
        if (node is System.Text.Json.Nodes.JsonObject described && described["$defs"] is { } definitions)
        {
            // References begin at the root.
            described.Remove("$defs");
            output["$defs"] = definitions;
        }

        output["properties"]!["body"] = node;
        return output.ToJsonString();
    }
}
