using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Minion.Tools.Sources;

/// <summary>Files that sources may name.</summary>
public sealed class SourceFileOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Sources";

    /// <summary>The folder on the server that <c>file:</c> of a source is looked for in. Default: none, so that no file is read.</summary>
    [MaxLength(4096)]
    public string Folder { get; set; } = "";
}

/// <summary>Reads files that sources name, from one folder of the server and from nowhere else.</summary>
internal sealed class SourceFiles(IOptions<SourceFileOptions> options)
{
    /// <exception cref="ToolSourceException">There is no such file, or it must not be read.</exception>
    public async Task<byte[]> ReadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        if (options.Value.Folder.Length == 0)
        {
            throw new ToolSourceException($"The file '{name}' is not read: who runs the server sets {SourceFileOptions.Section}:Folder to the folder with such files.");
        }

        var folder = Path.GetFullPath(options.Value.Folder);
        var path = Path.GetFullPath(Path.Combine(folder, name));
        var file = new FileInfo(path);
        var real = file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : path;
        if (!file.Exists || new[] { path, real }.Any(each => !each.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            throw new ToolSourceException($"There is no file '{name}' in the folder for files of sources.");
        }

        if (file.Length > limit)
        {
            throw new ToolSourceException($"The file '{name}' has {file.Length} bytes, more than {limit}.");
        }

        return await File.ReadAllBytesAsync(path, cancellationToken);
    }
}
