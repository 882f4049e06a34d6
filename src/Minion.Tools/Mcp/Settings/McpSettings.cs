namespace Minion.Tools.Mcp.Settings;

/// <summary>What stands under <c>mcp:</c>; texts may hold references like <c>${NAME}</c>.</summary>
internal sealed record McpSettings
{
    /// <summary>The program to start; null for a server that is reached by <see cref="Url"/>.</summary>
    public string? Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder that the program runs in; null for that of this process.</summary>
    public string? Folder { get; init; }

    /// <summary>Where the server is reached; null for a program.</summary>
    public string? Url { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Null when the server asks for no OAuth.</summary>
    public McpOAuthSettings? OAuth { get; init; }

    /// <summary>The version of the protocol to speak; null for the newest that both sides know.</summary>
    public string? Protocol { get; init; }

    /// <summary>Names of tools with <c>*</c>; empty for all.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Whether what the server says its tools change (annotations) counts; else each of them changes something at each call, unless a policy says otherwise.</summary>
    public bool TrustAnnotations { get; init; }

    /// <summary>Whether the server's resources are offered as tools.</summary>
    public bool Resources { get; init; } = true;

    /// <summary>Whether the server's prompts are offered as tools.</summary>
    public bool Prompts { get; init; } = true;

    /// <summary>Until the server must have answered after it was started or first called.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For each call, unless a policy says otherwise.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>How an OAuth server is asked for tokens.</summary>
internal sealed record McpOAuthSettings
{
    /// <summary>Null to be registered at the server.</summary>
    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    /// <summary>The address of a document that describes this client; null for none.</summary>
    public string? ClientMetadata { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The only authorization server that is asked; null for one at the origin of the server itself.</summary>
    public string? AuthorizationServer { get; init; }

    /// <summary>Whether an authorization server is sent what is a secret.</summary>
    public bool SendsSecrets => ClientSecret is not null || RefreshToken is not null;

    /// <summary>A token that stands for a consent given earlier; null for none.</summary>
    public string? RefreshToken { get; init; }
}
