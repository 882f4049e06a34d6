using System.Text.RegularExpressions;

namespace Minion.Tools.Context;

/// <summary>Settings of what agents are told beside their instructions.</summary>
public sealed partial class ContextOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Context";

    private const int MostFolders = 100;

    /// <summary>
    /// The folders of this machine that agents may be told of, by name: <c>Tools:Context:Folders:handbook=/srv/handbook</c>. At most 100; default: none.
    /// Whoever declares an agent names a folder and never a path.
    /// </summary>
    public IDictionary<string, string> Folders { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Everything that is wrong with the settings.</summary>
    internal IEnumerable<string> Problems() =>
        Folders.Where(folder => !NameForm().IsMatch(folder.Key))
            .Select(folder => $"{Section}:Folders has the name '{folder.Key}'; names have 1 to 63 lower-case letters, digits, hyphens and underscores.")
            .Concat(Folders.Where(folder => !Path.IsPathFullyQualified(folder.Value))
                .Select(folder => $"{Section}:Folders:{folder.Key} is '{folder.Value}', which is no full path."))
            .Concat(Folders.Count > MostFolders ? [$"{Section}:Folders has {Folders.Count} folders; at most {MostFolders} are allowed."] : []);

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex NameForm();
}
