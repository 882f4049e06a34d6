using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>Finds schemas by their URI: those with an <c>$id</c>, those with an anchor, and whole documents.</summary>
internal sealed class SchemaIndex(IReadOnlyDictionary<string, JsonElement> documents)
{
    private const string DefaultUri = "https://schema.invalid/";

    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);

    /// <summary>Dynamic anchors that have been found and not been compiled yet.</summary>
    public Queue<(SchemaResource Resource, string Name, string Pointer)> DynamicAnchors { get; } = new();

    /// <summary>Whether any schema in the index has an <c>unevaluated…</c> keyword.</summary>
    public bool Tracks { get; private set; }

    /// <summary>Adds a document with all its embedded resources; returns the one at its root.</summary>
    public SchemaResource Add(JsonElement root, string uri = DefaultUri)
    {
        var document = new SchemaDocument(root);
        var resource = new SchemaResource(document, "", uri);
        _resources[uri] = resource;
        var work = new Stack<(JsonElement Schema, string Pointer, SchemaResource Resource)>();
        work.Push((root, "", resource));
        while (work.TryPop(out var next))
        {
            var owner = Place(document, next.Schema, next.Pointer, next.Resource);
            if (next.Schema.ValueKind == JsonValueKind.Object)
            {
                foreach (var (schema, pointer) in SubschemaKeywords.Of(next.Schema, next.Pointer))
                {
                    work.Push((schema, pointer, owner));
                }
            }
        }

        return document.ResourceAt("");
    }

    /// <summary>What <paramref name="reference"/>, found in <paramref name="from"/>, refers to; null when that is not there.</summary>
    public SchemaTarget? Find(SchemaResource from, string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var uri = hash < 0 ? reference : reference[..hash];
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        var resource = uri.Length == 0 ? from : FindResource(Resolve(from.Uri, uri));
        if (resource is null)
        {
            return null;
        }

        if (fragment.Length > 0 && fragment[0] != '/')
        {
            return resource.Anchors.TryGetValue(fragment, out var anchored) ? new SchemaTarget(resource, anchored, fragment) : null;
        }

        var pointer = resource.Pointer + fragment;
        return JsonPointer.Find(resource.Document.Root, pointer) is null ? null : new SchemaTarget(resource, pointer, Anchor: null);
    }

    private static string Resolve(string root, string reference) =>
        Uri.TryCreate(new Uri(root), reference, out var uri) ? uri.AbsoluteUri : reference;

    private SchemaResource? FindResource(string uri)
    {
        if (_resources.TryGetValue(uri, out var known))
        {
            return known;
        }

        return documents.TryGetValue(uri, out var root) ? Add(root, uri) : uri == DraftSchema.Uri ? Add(DraftSchema.Root, uri) : null;
    }

    private SchemaResource Place(SchemaDocument document, JsonElement schema, string pointer, SchemaResource parent)
    {
        var resource = parent;
        if (schema.ValueKind == JsonValueKind.Object)
        {
            if (Text(schema, "$id") is { } id && !id.StartsWith('#'))
            {
                resource = new SchemaResource(document, pointer, Resolve(parent.Uri, id.TrimEnd('#')));
                _resources[resource.Uri] = resource;
            }

            AddAnchors(schema, pointer, resource);
            Tracks |= schema.TryGetProperty("unevaluatedItems", out _) || schema.TryGetProperty("unevaluatedProperties", out _);
        }

        document.Place(pointer, resource);
        return resource;
    }

    private void AddAnchors(JsonElement schema, string pointer, SchemaResource resource)
    {
        if (Text(schema, "$anchor") is { } anchor)
        {
            resource.Anchors[anchor] = pointer;
        }

        if (Text(schema, "$dynamicAnchor") is { } dynamic)
        {
            resource.Anchors[dynamic] = pointer;
            DynamicAnchors.Enqueue((resource, dynamic, pointer));
        }
    }

    private static string? Text(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Where a reference leads.</summary>
/// <param name="Resource">The resource that the reference names.</param>
/// <param name="Pointer">JSON pointer from the root of the resource's document.</param>
/// <param name="Anchor">The name of the anchor, when the reference has one.</param>
internal sealed record SchemaTarget(SchemaResource Resource, string Pointer, string? Anchor);
