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
        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(html);
        var writer = new ReadableWriter(BaseOf(document, url));
        Walk(Main(document), writer, cancellationToken);
        return new ReadablePage(Collapse(document.Title ?? ""), writer.Finish(), writer.IsFull);
    }

    /// <summary>In document order, without recursion: pages may be nested as deep as they like.</summary>
    private static void Walk(INode root, ReadableWriter writer, CancellationToken cancellationToken)
    {
        var node = root;
        while (!writer.IsFull)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var enter = node is not IElement element || !IsLeftOut(element);
            if (enter)
            {
                writer.Enter(node);
                if (node.FirstChild is { } child)
                {
                    node = child;
                    continue;
                }

                writer.Leave(node);
            }

            while (node != root && node.NextSibling is null)
            {
                node = node.Parent!;
                writer.Leave(node);
            }

            if (node == root)
            {
                return;
            }

            node = node.NextSibling!;
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
