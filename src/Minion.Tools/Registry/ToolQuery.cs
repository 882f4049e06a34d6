using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Registry;

/// <summary>Which tools are wanted.</summary>
/// <param name="Words">All must occur in the name, description, category, owner or tags; case does not count.</param>
/// <param name="Category">Exactly this one; empty for any.</param>
/// <param name="Names">Only these, with wildcards and versions; empty for any.</param>
internal sealed record ToolQuery(IReadOnlyList<string> Words, string Category, IReadOnlyList<ToolReference> Names)
{
    /// <summary>Unspecified for what can be called.</summary>
    public ToolStatus Status { get; init; }

    public string Source { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Tag { get; init; } = "";

    public bool AllVersions { get; init; }

    public bool Fits(RegisteredTool registered)
    {
        var tool = registered.Description;
        return (Names.Count == 0 || Names.Any(reference => Wildcards.Fit(reference.Name, tool.Name) && reference.Fits(tool.Version)))
            && (Category.Length == 0 || tool.Category == Category)
            && (Source.Length == 0 || registered.Source == Source)
            && (Owner.Length == 0 || tool.Owner == Owner)
            && (Tag.Length == 0 || tool.Tags.Contains(Tag))
            && (Status == ToolStatus.Unspecified ? tool.Status is ToolStatus.Approved or ToolStatus.Deprecated : tool.Status == Status)
            && Words.All(word => Has(tool.Name, word) || Has(tool.Description, word) || Has(tool.Category, word) || Has(tool.Owner, word) || tool.Tags.Any(tag => Has(tag, word)));
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
