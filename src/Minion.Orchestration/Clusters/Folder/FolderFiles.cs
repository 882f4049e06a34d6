using System.Security.Cryptography;
using System.Text;

namespace Minion.Orchestration.Clusters.Folder;

/// <summary>A file as it was read.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Content">Null when it could not be read.</param>
/// <param name="Hash">Of the content; of the reason when it could not be read.</param>
/// <param name="Error">Why it could not be read.</param>
internal sealed record FolderFile(string Name, string? Content, string Hash, string? Error);

/// <summary>
/// Reads the cluster files of a folder. By content, because editors replace files rather than change them, and watches of the file system are few, and not
/// told of changes on other machines.
/// </summary>
internal static class FolderFiles
{
    private const int Most = 100;
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>By name, at most 100; hidden files and those that editors keep beside a file are left out.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read the folder.</exception>
    public static IReadOnlyList<FolderFile> Read(string folder) =>
    [
        .. Directory.EnumerateFiles(folder)
            .Where(path => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && Path.GetFileName(path)[0] is not ('.' or '#'))
            .Order(StringComparer.Ordinal)
            .Take(Most)
            .Select(ReadFile),
    ];

    private static FolderFile ReadFile(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            if (new FileInfo(path).Length > ClusterFile.MostBytes)
            {
                return Unreadable(name, $"it has more than {ClusterFile.MostBytes:N0} bytes");
            }

            var bytes = File.ReadAllBytes(path);
            return new FolderFile(name, Encoding.UTF8.GetString(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unreadable(name, error.Message);
        }
    }

    private static FolderFile Unreadable(string name, string why) => new(name, null, why, $"{name} cannot be read: {why}");
}
