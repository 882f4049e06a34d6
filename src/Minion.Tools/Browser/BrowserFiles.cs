using System.Globalization;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Browser;

/// <summary>Puts what the browser gives into the workspace of the file tools.</summary>
internal static class BrowserFiles
{
    private const int LongestName = 100;
    private const int MostOfAName = 1000;

    /// <summary>The path that the file has in the workspace; never one that is there already.</summary>
    /// <exception cref="FileRefusal">It does not fit, or there are no workspaces here.</exception>
    public static string Keep(Workspaces workspaces, ToolCall call, string folder, string name, byte[] content, CancellationToken cancellationToken)
    {
        using var workspace = workspaces.Open(call);
        workspace.Lock();
        WorkspaceUsage.MustFit(workspace, workspaces.Options, content.Length, moreFiles: 2, cancellationToken);
        var safe = SafeName(name);
        for (var number = 1; number <= MostOfAName; number++)
        {
            var path = FilePath.Parse($"{folder}/{Numbered(safe, number)}");
            if (workspace.Facts(path) is null)
            {
                workspace.Write(path, content, mustBeNew: true);
                return path.ToString();
            }
        }

        throw new FileRefusal($"There are {MostOfAName} files '{folder}/{safe}' already.", "Use those.");
    }

    /// <summary>A site may call its file anything; letters, digits, dots, dashes and underscores are left of it.</summary>
    internal static string SafeName(string name)
    {
        var safe = new string([.. name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')]).TrimStart('.', '-');
        return safe.Length == 0 ? "file" : safe.Length <= LongestName ? safe : safe[^LongestName..].TrimStart('.', '-');
    }

    private static string Numbered(string name, int number)
    {
        var extension = Path.GetExtension(name);
        return number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name[..^extension.Length]}-{number}{extension}");
    }
}
