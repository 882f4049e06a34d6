using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>
/// The readable text of a web page: its main part when it says which that is, without scripts, menus and what is hidden; headings, lists,
/// tables and links in the manner of Markdown. Nothing is run or loaded.
/// </summary>
internal static class HtmlText
{
    private const int LeastMainText = 200;

    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed", "head", "nav", "footer", "aside", "dialog",
        "button", "select", "input", "textarea", "audio", "video", "map", "math",
    };

    public static ReadablePage Read(string html, Uri url, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!HtmlShape.IsUsual(html))
        {
            return HtmlShape.Strip(html);
        }

        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(html);
        var writer = new ReadableWriter(BaseOf(document, url));
        Walk(Main(document), writer, cancellationToken);
        return new ReadablePage(Collapse(document.Title ?? ""), writer.Finish(), writer.IsFull);
    }

    /// <summary>In document order, without recursion and without asking for siblings, which takes longer the more there are.</summary>
    private static void Walk(INode root, ReadableWriter writer, CancellationToken cancellationToken)
    {
        var open = new Stack<(INode Node, int NextChild)>([(root, 0)]);
        writer.Enter(root);
        while (open.TryPop(out var at) && !writer.IsFull)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (at.NextChild == at.Node.ChildNodes.Length)
            {
                writer.Leave(at.Node);
                continue;
            }

            open.Push(at with { NextChild = at.NextChild + 1 });
            var child = at.Node.ChildNodes[at.NextChild];
            if (child is not IElement element || !IsLeftOut(element))
            {
                writer.Enter(child);
                open.Push((child, 0));
            }
        }
    }

    private static INode Main(IDocument document)
    {
        var main = document.QuerySelector("main, [role=main]") ?? OnlyArticle(document);
        return main is not null && main.TextContent.Length >= LeastMainText ? main : (INode?)document.Body ?? document;
    }

    private static IElement? OnlyArticle(IDocument document) =>
        document.QuerySelectorAll("article") is { Length: 1 } articles ? articles[0] : null;

    private static bool IsLeftOut(IElement element) =>
        LeftOut.Contains(element.LocalName)
        || element.HasAttribute("hidden")
        || element.GetAttribute("aria-hidden") == "true"
        || element.GetAttribute("style") is { } style && IsHidden(style);

    private static bool IsHidden(string style)
    {
        var plain = style.Replace(" ", "", StringComparison.Ordinal);
        return plain.Contains("display:none", StringComparison.OrdinalIgnoreCase) || plain.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase);
    }

    private static Uri BaseOf(IDocument document, Uri url) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { } href && Uri.TryCreate(url, href, out var given) ? given : url;

    private static string Collapse(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A page as a text.</summary>
/// <param name="Title">Its title; empty when it has none.</param>
/// <param name="Text">Its text.</param>
/// <param name="Cut">Whether there is more.</param>
internal sealed record ReadablePage(string Title, string Text, bool Cut);
