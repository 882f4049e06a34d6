using System.Text.Json;
using Minion.Tools.Schemas;

namespace Minion.Tools.Sources;

/// <summary>The secrets that the sources of one tenant may refer to.</summary>
public sealed class TenantSecrets
{
    private readonly Func<string, string?> _environment;
    private readonly SecretOptions _options;

    internal TenantSecrets(string tenant, Func<string, string?> environment, SecretOptions options) => (Tenant, _environment, _options) = (tenant, environment, options);

    /// <summary>Whose they are.</summary>
    public string Tenant { get; }

    /// <summary>The text with the values of what it refers to. Resolve when it is used; never store or log the outcome.</summary>
    /// <param name="text">Any text; one without references is given back as it is.</param>
    /// <exception cref="ToolSourceException">A variable is not set, or must not be referred to; names it.</exception>
    public string Resolve(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SecretReferences.Replace(text, Value);
    }

    /// <summary>The values of what the text refers to, without the text around them: what must not be seen in answers.</summary>
    internal IEnumerable<string> ValuesIn(string text) => SecretReferences.In(text).Select(Value);

    /// <summary>All references in <paramref name="settings"/> that this tenant must not make.</summary>
    /// <param name="settings">The settings of a source.</param>
    public IEnumerable<SourceProblem> Check(JsonElement settings) => Check(settings, "");

    private IEnumerable<SourceProblem> Check(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Check(member.Value, $"{path}/{JsonPointer.Escape(member.Name)}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Check(item, $"{path}/{i}")),
        JsonValueKind.String => SecretReferences.In(value.GetString()!).Select(Problem).OfType<string>().Select(problem => new SourceProblem(path, $"refers to {problem}")),
        _ => [],
    };

    /// <summary>The same sentence whether the variable is set or not: who may not use it learns nothing of it.</summary>
    private string? Problem(string name) =>
        !SecretReferences.IsAllowed(name) ? $"the variable '{name}', which it must not: {SecretReferences.Allowed}"
        : !_options.May(Tenant, name) ? $"the variable '{name}', which the tenant '{Tenant}' may not use: who runs the server names it in {SecretOptions.Section}:Tenants:{Tenant}"
        : null;

    private string Value(string name) => Problem(name) is { } problem
        ? throw new ToolSourceException($"The settings refer to {problem}.")
        : _environment(name) is { Length: > 0 } value
            ? value
            : throw new ToolSourceException($"The variable '{name}' is not set where the server runs.");
}
