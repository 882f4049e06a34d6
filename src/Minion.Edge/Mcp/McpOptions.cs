using System.ComponentModel.DataAnnotations;

namespace Minion.Edge.Mcp;

/// <summary>The MCP server, section <c>Edge:Mcp</c> of the configuration.</summary>
public sealed class McpOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Edge:Mcp";

    /// <summary>Tools, sessions or runs in one page of a list, 1 to 200; 100 unless set.</summary>
    [Range(1, 200)]
    public int PageSize { get; set; } = 100;

    /// <summary>Minutes that a client may take to answer what a tool asks, 1 to 10,080 (a week); 60 unless set.</summary>
    [Range(1, 7 * 24 * 60)]
    public int AnswerMinutes { get; set; } = 60;

    /// <summary>Resources that one session may be told about when they change, 1 to 1,000; 100 unless set.</summary>
    [Range(1, 1_000)]
    public int MaxSubscriptions { get; set; } = 100;

    /// <summary>
    /// Whether calls of clients count as untainted; no unless set. What a client's model has read is not known here, so rules about
    /// <c>tainted</c> hold for its calls.
    /// </summary>
    public bool TrustClients { get; set; }

    /// <summary>Origins (for example <c>https://chat.example.com</c>) whose pages may call, besides those of this machine; none unless set.</summary>
    public IList<string> Origins { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Origins
        .Where(origin => !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
        .Select(origin => new ValidationResult($"{Section}:Origins has '{origin}'; an origin is a scheme and a host, for example https://chat.example.com."));
}
