namespace Minion.Tools.BuiltIn.Files;

/// <summary>Goes through a folder, and those below it; a folder comes before what is in it.</summary>
internal static class FolderWalk
{
    private const int Deepest = 64;

    public static IEnumerable<WalkedEntry> From(RootedFolder root, FilePath start, bool recursive, CancellationToken cancellationToken)
    {
        var waiting = new Stack<WalkedEntry>();
        Push(root.List(start), start);
        while (waiting.TryPop(out var entry))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
            if (recursive && entry.Facts.Kind == FileKind.Folder && entry.Path.Names.Count < Deepest)
            {
                Push(ListIfThere(root, entry.Path), entry.Path);
            }
        }

        void Push(IReadOnlyList<(string Name, FileFacts Facts)> entries, FilePath folder)
        {
            for (var i = entries.Count - 1; i >= 0; i--)
            {
                waiting.Push(new WalkedEntry(folder.Child(entries[i].Name), entries[i].Facts));
            }
        }
    }

    /// <summary>What goes away meanwhile, or may not be entered, has nothing in it.</summary>
    private static IReadOnlyList<(string Name, FileFacts Facts)> ListIfThere(RootedFolder root, FilePath folder)
    {
        try
        {
            return root.List(folder);
        }
        catch (FileRefusal)
        {
            return [];
        }
    }
}

/// <summary>Something below a root.</summary>
/// <param name="Path">Where.</param>
/// <param name="Facts">What.</param>
internal sealed record WalkedEntry(FilePath Path, FileFacts Facts);
