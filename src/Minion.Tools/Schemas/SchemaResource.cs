using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>A JSON document that holds schemas, and which resource each of its subschemas belongs to.</summary>
internal sealed class SchemaDocument(JsonElement root)
{
    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);

    public JsonElement Root { get; } = root;

    /// <summary>Notes that the subschema at <paramref name="pointer"/> belongs to <paramref name="resource"/>.</summary>
    public void Place(string pointer, SchemaResource resource) => _resources[pointer] = resource;

    /// <summary>The resource that the value at <paramref name="pointer"/> belongs to: its own, or its nearest ancestor's.</summary>
    public SchemaResource ResourceAt(string pointer)
    {
        for (var at = pointer; ; at = at[..at.LastIndexOf('/')])
        {
            if (_resources.TryGetValue(at, out var resource))
            {
                return resource;
            }
        }
    }
}

/// <summary>A schema with an identity of its own (<c>$id</c>, or the document itself): what anchors and relative references belong to.</summary>
internal sealed class SchemaResource(SchemaDocument document, string pointer, string uri)
{
    public SchemaDocument Document { get; } = document;

    /// <summary>JSON pointer from the document's root to the resource's.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>The absolute URI, without fragment.</summary>
    public string Uri { get; } = uri;

    /// <summary>Pointers from the document's root by the name of the anchor, dynamic ones included.</summary>
    public Dictionary<string, string> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>What a dynamic reference to this resource can reach, by the name of the dynamic anchor.</summary>
    public Dictionary<string, SchemaNode> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}
