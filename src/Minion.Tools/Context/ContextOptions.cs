using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Minion.Tools.Tenants;

namespace Minion.Tools.Context;

/// <summary>Settings of what agents are told beside their instructions.</summary>
public sealed partial class ContextOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Context";

    private const int MostFolders = 100;

    /// <summary>
    /// The folders of this machine that agents may be told of, by name: <c>Tools:Context:Folders:handbook=/srv/handbook</c> (or <c>…:handbook:Path</c>), and
    /// in <c>…:handbook:Tenants</c> whose agents. At most 100; default: none. Whoever declares an agent names a folder and never a path.
    /// </summary>
    public IDictionary<string, OpenFolder> Folders { get; } = new Dictionary<string, OpenFolder>(StringComparer.Ordinal);

    internal void Read(IConfigurationSection section)
    {
        foreach (var folder in section.GetSection(nameof(Folders)).GetChildren())
        {
            Folders[folder.Key] = new OpenFolder(
                folder[nameof(OpenFolder.Path)] ?? folder.Value ?? "", TenantSettings.Texts(folder.GetSection(nameof(OpenFolder.Tenants))));
        }
    }

    /// <summary>Everything that is wrong with the settings.</summary>
    internal IEnumerable<string> Problems() =>
        Folders.Where(folder => !NameForm().IsMatch(folder.Key))
            .Select(folder => $"{Section}:Folders has the name '{folder.Key}'; names have 1 to 63 lower-case letters, digits, hyphens and underscores.")
            .Concat(Folders.Where(folder => !Path.IsPathFullyQualified(folder.Value.Path))
                .Select(folder => $"{Section}:Folders:{folder.Key} is '{folder.Value.Path}', which is no full path."))
            .Concat(Folders.SelectMany(folder => folder.Value.Tenants.Where(tenant => tenant != TenantSettings.All && !TenantSettings.IsName(tenant))
                .Select(tenant => $"{Section}:Folders:{folder.Key}:Tenants has '{tenant}', but names of tenants must {TenantSettings.NameRule}; * stands for all.")))
            .Concat(Folders.Count > MostFolders ? [$"{Section}:Folders has {Folders.Count} folders; at most {MostFolders} are allowed."] : []);

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex NameForm();
}

/// <summary>A folder that agents may be told of.</summary>
/// <param name="Path">A full path on this machine.</param>
/// <param name="Tenants">Whose agents; <c>*</c> stands for all. Default: those of the default tenant.</param>
public sealed record OpenFolder(string Path, IReadOnlyList<string> Tenants);
