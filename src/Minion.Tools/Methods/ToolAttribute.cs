using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Methods;

/// <summary>Makes a tool of a public method; its schemas come from the parameters and what it returns. See <see cref="MethodToolsRegistration"/>.</summary>
/// <param name="name">1 to 64 lower-case letters, digits and underscores, starting with a letter.</param>
/// <param name="description">What the model reads: when to use it. Parameters are described with <see cref="System.ComponentModel.DescriptionAttribute"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolAttribute(string name, string description) : Attribute
{
    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>What the model reads.</summary>
    public string Description => description;

    /// <summary>What a call changes. Default: something, at each call.</summary>
    public Effect Effect { get; set; } = Effect.SideEffect;

    /// <summary>Changes whenever a schema or the meaning does.</summary>
    public string Version { get; set; } = "1.0";

    /// <summary>For finding it.</summary>
    public string Category { get; set; } = "general";

    /// <summary>For one attempt; 1 to 600, default 10.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>What the caller must be allowed, all of it.</summary>
    public string[] Permissions { get; set; } = [];

    /// <summary>What the calling agent must be declared to be capable of.</summary>
    public string[] Capabilities { get; set; } = [];

    /// <summary>Whether results come from where anybody may write.</summary>
    public bool Untrusted { get; set; }
}
