namespace Minion.Tools.BuiltIn.Files;

/// <summary>What a workspace holds, and whether more fits in.</summary>
internal static class WorkspaceUsage
{
    /// <exception cref="FileRefusal">It does not fit.</exception>
    public static void MustFit(RootedFolder workspace, FileToolOptions options, long moreBytes, int moreFiles, CancellationToken cancellationToken)
    {
        var (bytes, files) = (moreBytes, moreFiles);
        foreach (var entry in FolderWalk.From(workspace, FilePath.Root, recursive: true, cancellationToken))
        {
            bytes += entry.Facts.Kind == FileKind.File ? entry.Facts.Size : 0;
            files++;
        }

        if (bytes > options.MaxBytes)
        {
            throw new FileRefusal($"The workspace would hold {bytes} bytes; at most {options.MaxBytes} are allowed.", "Write less, or replace files that are not needed.");
        }

        if (files > options.MaxFiles)
        {
            throw new FileRefusal($"The workspace would hold {files} files and folders; at most {options.MaxFiles} are allowed.", "Use files that are there already.");
        }
    }
}
