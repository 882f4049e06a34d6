using Microsoft.Extensions.Options;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;
using Minion.Tools.Tenants;

namespace Minion.Tools.Context;

/// <summary>The folders that the settings open, read as the file tools read theirs: no link leads out of them.</summary>
internal sealed class ContextFolders(IOptions<ContextOptions> options)
{
    private const int MostFiles = 20_000;

    private static readonly string[] Skipped =
        ["node_modules", "bin", "obj", "artifacts", "target", "dist", "build", "vendor", "__pycache__", "venv", "packages"];

    /// <summary>Those that a tenant's agents may be told of.</summary>
    public IEnumerable<ContextFolder> Of(string tenant) => options.Value.Folders
        .Where(folder => TenantSettings.Includes(folder.Value.Tenants, tenant))
        .OrderBy(folder => folder.Key, StringComparer.Ordinal)
        .Select(folder => new ContextFolder
        {
            Name = folder.Key,
            Path = folder.Value.Path,
            Problem = Directory.Exists(folder.Value.Path) ? "" : "There is no such folder.",
        });

    /// <summary>The path of a folder. One of other tenants is as little there as one that nobody has.</summary>
    /// <exception cref="ContextUnavailableException">There is none.</exception>
    public string PathOf(string name, string tenant) =>
        !options.Value.Folders.TryGetValue(name, out var folder) || !TenantSettings.Includes(folder.Tenants, tenant)
        ? throw new ContextUnavailableException($"The server's settings open no folder '{name}' to the tenant '{tenant}' ({ContextOptions.Section}:Folders:{name}).")
        : folder.Path is var path && !Directory.Exists(path) ? throw new ContextUnavailableException($"The folder '{name}' does not exist on this server.")
        : !NativeFiles.IsSupported ? throw new ContextUnavailableException("Folders are read on Linux (x64, arm64) only.")
        : path;

    /// <summary>The files of a folder, up to 20,000; what is hidden, built or fetched is left out.</summary>
    public static List<WalkedEntry> Files(RootedFolder folder, CancellationToken cancellationToken)
    {
        var files = new List<WalkedEntry>();
        foreach (var entry in Walk(folder, FilePath.Root, depth: 0, cancellationToken))
        {
            files.Add(entry);
            if (files.Count == MostFiles)
            {
                break;
            }
        }

        return files;
    }

    /// <summary>The text of a file; null when it is none, too long, or has gone.</summary>
    public static string? TextOf(RootedFolder folder, WalkedEntry file, int longest)
    {
        if (file.Facts.Size > longest)
        {
            return null;
        }

        try
        {
            return TextFile.Read(folder, file.Path);
        }
        catch (Exception error) when (error is FileRefusal or IOException)
        {
            return null;
        }
    }

    private static IEnumerable<WalkedEntry> Walk(RootedFolder folder, FilePath path, int depth, CancellationToken cancellationToken)
    {
        foreach (var (name, facts) in List(folder, path).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (name.StartsWith('.') || (facts.Kind == FileKind.Folder && (Skipped.Contains(name) || depth >= 20)))
            {
                continue;
            }

            if (facts.Kind == FileKind.File)
            {
                yield return new WalkedEntry(path.Child(name), facts);
            }
            else if (facts.Kind == FileKind.Folder)
            {
                foreach (var below in Walk(folder, path.Child(name), depth + 1, cancellationToken))
                {
                    yield return below;
                }
            }
        }
    }

    private static IReadOnlyList<(string Name, FileFacts Facts)> List(RootedFolder folder, FilePath path)
    {
        try
        {
            return folder.List(path);
        }
        catch (Exception error) when (error is FileRefusal or IOException)
        {
            return [];
        }
    }
}
