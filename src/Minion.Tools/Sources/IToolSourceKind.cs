using System.Text.Json;

namespace Minion.Tools.Sources;

/// <summary>A kind of source: reads its settings and makes sources of them.</summary>
public interface IToolSourceKind
{
    /// <summary>The key in YAML, for example <c>mcp</c>.</summary>
    string Kind { get; }

    /// <summary>Everything that is wrong with the settings; empty when nothing is. Pure: reaches nothing.</summary>
    /// <param name="settings">What stands under the key; references like <c>${NAME}</c> are not resolved.</param>
    IEnumerable<SourceProblem> Check(JsonElement settings);

    /// <summary>The same, with what is not for this tenant.</summary>
    /// <param name="settings">What stands under the key.</param>
    /// <param name="tenant">Who declares it.</param>
    IEnumerable<SourceProblem> Check(JsonElement settings, string tenant) => Check(settings);

    /// <summary>The source; it connects only when it is used.</summary>
    /// <param name="definition">Checked already.</param>
    IToolSource Create(SourceDefinition definition);
}

/// <summary>One thing that is wrong with the settings of a source.</summary>
/// <param name="Path">JSON Pointer into the settings; empty for the whole.</param>
/// <param name="Problem">What is wrong, and what is allowed; continues "… " after the place.</param>
public sealed record SourceProblem(string Path, string Problem);

/// <summary>A source as it was declared.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">1 to 40 lower-case letters, digits and underscores; what its tools' names begin with, unless its kind says otherwise.</param>
/// <param name="Kind">The key of its kind.</param>
/// <param name="Settings">What stands under the key; references like <c>${NAME}</c> are resolved when they are used, and never stored or logged.</param>
public sealed record SourceDefinition(string Tenant, string Name, string Kind, JsonElement Settings);
