using System.Text.Json;
using Minion.Tools.Schemas.Keywords;

namespace Minion.Tools.Schemas;

/// <summary>Turns schemas into nodes. Each place in a document becomes one node, so that references may form circles.</summary>
internal sealed class SchemaCompiler(IReadOnlyDictionary<string, JsonElement> documents)
{
    private readonly SchemaIndex _index = new(documents);
    private readonly Dictionary<(SchemaDocument Document, string Pointer), SchemaNode> _nodes = [];
    private readonly Queue<(SchemaDocument Document, string Pointer, SchemaNode Node)> _work = new();
    private readonly List<SchemaError> _errors = [];
    private bool _validates = true;

    /// <summary>Whether evaluation has to remember what it looked at.</summary>
    public bool Tracks => _index.Tracks;

    public SchemaNode Compile(JsonElement schema)
    {
        _validates = Validates(schema);
        var resource = _index.Add(schema);
        var root = NodeAt(resource.Document, "");
        while (_work.TryDequeue(out var next))
        {
            Fill(next.Document, next.Pointer, next.Node);
            while (_index.DynamicAnchors.TryDequeue(out var anchor))
            {
                anchor.Resource.DynamicAnchors[anchor.Name] = NodeAt(anchor.Resource.Document, anchor.Pointer);
            }
        }

        return _errors.Count == 0 ? root : throw new SchemaException(_errors);
    }

    /// <summary>The node of the schema at <paramref name="pointer"/>; it is filled later.</summary>
    public SchemaNode NodeAt(SchemaDocument document, string pointer)
    {
        if (!_nodes.TryGetValue((document, pointer), out var node))
        {
            node = new SchemaNode(document.ResourceAt(pointer));
            _nodes[(document, pointer)] = node;
            _work.Enqueue((document, pointer, node));
        }

        return node;
    }

    public SchemaTarget? Find(SchemaResource from, string reference) => _index.Find(from, reference);

    public void Report(string pointer, string keyword, string message) => _errors.Add(new SchemaError(pointer, keyword, message));

    /// <summary>Whether the keywords of validation count: a meta-schema that names its vocabularies may leave them out.</summary>
    private bool Validates(JsonElement schema) =>
        schema.ValueKind != JsonValueKind.Object
        || !schema.TryGetProperty("$schema", out var meta) || meta.ValueKind != JsonValueKind.String
        || !documents.TryGetValue(meta.GetString()!, out var document) || document.ValueKind != JsonValueKind.Object
        || !document.TryGetProperty("$vocabulary", out var vocabularies)
        || (vocabularies.ValueKind == JsonValueKind.Object && vocabularies.TryGetProperty(DraftSchema.ValidationVocabulary, out _));

    private void Fill(SchemaDocument document, string pointer, SchemaNode node)
    {
        var schema = JsonPointer.Find(document.Root, pointer)!.Value;
        switch (schema.ValueKind)
        {
            case JsonValueKind.True:
                break;
            case JsonValueKind.False:
                node.RefusesAll = true;
                break;
            case JsonValueKind.Object:
                node.Keywords = KeywordTable.Compile(new SchemaSource(this, document, schema, pointer), _validates);
                break;
            default:
                Report(pointer, "", "must be a schema: an object, true or false");
                break;
        }
    }
}
