using Minion.Tools.Sources.Http;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>A description that has been read.</summary>
/// <param name="Operations">What it offers.</param>
/// <param name="Authentication">Who sends requests.</param>
internal sealed record OpenApiContent(OpenApiOperations Operations, IReadOnlyList<HttpAuthentication> Authentication)
{
    /// <exception cref="ToolSourceException">It cannot be read, or offers nothing.</exception>
    public static OpenApiContent Read(string text, OpenApiSettings settings, Uri? from)
    {
        var document = new OpenApiDocument(OpenApiText.Parse(text));
        var authentication = settings.Authentication.For(document);
        var operations = OpenApiImport.Read(document, settings.Operations, settings.Server, from);
        if (operations.Operations.Count == 0)
        {
            throw new ToolSourceException(operations.LeftOut.Count > 0
                ? $"None of its operations can become a tool: {string.Join("; ", operations.LeftOut.Take(3))}."
                : settings.Operations.Count > 0 ? $"It has none of the operations {string.Join(", ", settings.Operations.Take(5))}." : "It has no operations.");
        }

        return new OpenApiContent(operations, authentication);
    }
}
