namespace Minion.Tools.Registry;

/// <summary>How a tool is asked for: a name, or a name with a version (<c>files_read@1.2</c>).</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">Empty for the latest.</param>
internal readonly record struct ToolReference(string Name, string Version)
{
    public static ToolReference Parse(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? new(text[..at], text[(at + 1)..]) : new(text, "");

    public bool Fits(string version) => Version.Length == 0 || VersionOrder.Fits(version, Version);
}
