using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>
/// A compiled JSON Schema (draft 2020-12): compiled once, then safe to use from many threads. <c>format</c> and the <c>content…</c>
/// keywords are annotations, as the draft says, and never fail an instance.
/// </summary>
/// <remarks>
/// Source: https://json-schema.org/draft/2020-12/json-schema-core and …/json-schema-validation. Of draft 7, <c>definitions</c>,
/// <c>dependencies</c> and the list form of <c>items</c> are understood too, because many tools still write them.
/// </remarks>
public sealed class JsonSchema
{
    private readonly SchemaNode _root;
    private readonly bool _tracks;

    private JsonSchema(SchemaNode root, bool tracks)
    {
        _root = root;
        _tracks = tracks;
    }

    /// <summary>Compiles the schema in <paramref name="json"/>.</summary>
    /// <param name="json">The schema: a JSON object, <c>true</c> or <c>false</c>.</param>
    /// <exception cref="SchemaException">It is no JSON or no schema, or refers to something that is not there; names everything that is wrong.</exception>
    public static JsonSchema Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Compile(document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new SchemaException([new SchemaError("", "", "is no JSON: " + exception.Message)]);
        }
        catch (InvalidOperationException exception)
        {
            // Half of a surrogate pair: the grammar allows it, but it is no text.
            throw new SchemaException([new SchemaError("", "", "is no JSON: " + exception.Message)]);
        }
    }

    /// <summary>Compiles <paramref name="schema"/>.</summary>
    /// <param name="schema">The schema; its document must stay alive as long as the result.</param>
    /// <param name="documents">Other schemas that it may refer to, by absolute URI. Nothing is ever fetched.</param>
    /// <exception cref="SchemaException">It is no schema, or refers to something that is not there; names everything that is wrong.</exception>
    public static JsonSchema Compile(JsonElement schema, IReadOnlyDictionary<string, JsonElement>? documents = null)
    {
        var compiler = new SchemaCompiler(documents ?? new Dictionary<string, JsonElement>());
        var root = compiler.Compile(schema);
        return new JsonSchema(root, compiler.Tracks);
    }

    /// <summary>Whether <paramref name="instance"/> fits. An instance that exceeds the limits of <see cref="Validate"/> does not.</summary>
    public bool IsValid(JsonElement instance)
    {
        try
        {
            return _root.Evaluate(instance, new Evaluation(_tracks, errors: null), seen: null);
        }
        catch (SchemaLimitException)
        {
            return false;
        }
    }

    /// <summary>
    /// Everything in <paramref name="instance"/> that does not fit, at most 50 errors; empty when it fits. Work is bounded: 512
    /// schemas deep, a million evaluations, 100 ms for each match of a regular expression.
    /// </summary>
    public IReadOnlyList<SchemaError> Validate(JsonElement instance)
    {
        if (IsValid(instance))
        {
            return [];
        }

        var errors = new List<SchemaError>();
        var evaluation = new Evaluation(_tracks, errors);
        try
        {
            _root.Evaluate(instance, evaluation, seen: null);
        }
        catch (SchemaLimitException limit)
        {
            errors.Add(new SchemaError(evaluation.Path, "", limit.Message));
        }

        return errors;
    }
}
