using Microsoft.Win32.SafeHandles;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>
/// A folder, and everything below it and nothing else. Each access starts at the open root and never at a path, so that what others do to the
/// folders meanwhile leads nowhere: the kernel resolves the path beneath the root (<c>openat2</c>), or, where it cannot, each name is opened on
/// its own. Links are not followed, other file systems not entered, devices and pipes not opened, and files with a second name are left alone,
/// because that may be outside.
/// </summary>
internal sealed class RootedFolder : IDisposable
{
    /// <summary>What the names of files being written start with.</summary>
    public const string TemporaryPrefix = ".minion-";

    private const int ForOwner = 0b111_000_000;
    private const int FileForOwner = 0b110_000_000;

    private readonly SafeFileHandle _root;
    private readonly ulong _device;
    private readonly bool _kernelResolves;

    /// <param name="root">An open folder; closed with this.</param>
    /// <param name="kernelResolves">False to open each name on its own in any case.</param>
    public RootedFolder(SafeFileHandle root, bool kernelResolves = true)
    {
        (_root, _kernelResolves) = (root, kernelResolves);
        _device = NativeFiles.Facts(root)?.Device ?? throw new IOException("The root folder cannot be looked at.");
    }

    /// <summary>The folder at a path that the server chose, made when it is missing.</summary>
    public static RootedFolder Open(string path, bool kernelResolves = true)
    {
        Directory.CreateDirectory(path, (UnixFileMode)ForOwner);
        var root = NativeFiles.OpenAt(folder: null, path, NativeFiles.ReadOnly | NativeFiles.Folder);
        return root.IsInvalid ? throw FileErrors.Of(NativeFiles.Error, path) : new RootedFolder(root, kernelResolves);
    }

    /// <summary>What is there; null when nothing is.</summary>
    public FileFacts? Facts(FilePath path)
    {
        if (path.IsRoot)
        {
            return NativeFiles.Facts(_root);
        }

        using var parent = TryOpen(path.Parent, NativeFiles.PathOnly | NativeFiles.Folder);
        return parent.IsInvalid
            ? NativeFiles.Error == NativeFiles.NotFound ? null : throw FileErrors.Of(NativeFiles.Error, path.Parent.ToString())
            : NativeFiles.Facts(parent, path.Name);
    }

    /// <summary>The folder below as a root of its own, made when it is missing and <paramref name="make"/> says so.</summary>
    public RootedFolder Enter(FilePath path, bool make) => new(OpenFolder(path, make), _kernelResolves);

    /// <summary>A regular file, for reading.</summary>
    public SafeFileHandle OpenFile(FilePath path, out FileFacts facts)
    {
        // Looked at before as well as after, because opening a device may do something already.
        FileErrors.MustBeFile(Facts(path), path);
        var file = TryOpen(path, NativeFiles.ReadOnly | NativeFiles.NonBlocking | NativeFiles.NoTerminal);
        if (file.IsInvalid)
        {
            throw FileErrors.Of(NativeFiles.Error, path.ToString());
        }

        try
        {
            facts = FileErrors.MustBeFile(NativeFiles.Facts(file), path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The names in a folder with what they are, in the order of the names.</summary>
    public IReadOnlyList<(string Name, FileFacts Facts)> List(FilePath path)
    {
        using var folder = OpenFolder(path, make: false);
        return FolderEntries.Read(folder);
    }

    /// <summary>Writes the whole file at once: who reads it meanwhile sees the old or the new one. Missing folders are made.</summary>
    public void Write(FilePath path, ReadOnlySpan<byte> content, bool mustBeNew)
    {
        using var folder = OpenFolder(path.Parent, make: true);
        var present = NativeFiles.Facts(folder, path.Name);
        if (present is not null)
        {
            FileErrors.MustBeFile(present, path);
        }

        var temporary = TemporaryPrefix + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12));
        try
        {
            WriteNew(folder, temporary, content, present?.Mode ?? FileForOwner, path);
            if (Publish(folder, temporary, path.Name, mustBeNew) != 0)
            {
                throw FileErrors.Of(NativeFiles.Error, path.ToString());
            }
        }
        catch
        {
            _ = NativeFiles.Remove(folder, temporary);
            throw;
        }

        _ = NativeFiles.Sync(folder);
    }

    /// <summary>Waits until no other call changes files below; given back when this is disposed.</summary>
    public void Lock()
    {
        if (NativeFiles.Lock(_root) != 0)
        {
            throw FileErrors.Of(NativeFiles.Error, "");
        }
    }

    public void Dispose() => _root.Dispose();

    private static void WriteNew(SafeFileHandle folder, string name, ReadOnlySpan<byte> content, int mode, FilePath path)
    {
        using var file = NativeFiles.OpenAt(
            folder, name, NativeFiles.WriteOnly | NativeFiles.Create | NativeFiles.MustBeNew | NativeFiles.NoFollow, FileForOwner);
        if (file.IsInvalid)
        {
            throw FileErrors.Of(NativeFiles.Error, path.ToString());
        }

        RandomAccess.Write(file, content, fileOffset: 0);
        File.SetUnixFileMode(file, (UnixFileMode)(mode & 0x1FF));
        if (NativeFiles.Sync(file) != 0)
        {
            throw FileErrors.Of(NativeFiles.Error, path.ToString());
        }
    }

    private static int Publish(SafeFileHandle folder, string temporary, string name, bool mustBeNew)
    {
        if (!mustBeNew)
        {
            return NativeFiles.Rename(folder, temporary, name);
        }

        var result = NativeFiles.RenameToNew(folder, temporary, name);

        // Some file systems cannot; then the look before has to do.
        return result != 0 && NativeFiles.Error is NativeFiles.Invalid or NativeFiles.NotImplemented && NativeFiles.Facts(folder, name) is null
            ? NativeFiles.Rename(folder, temporary, name)
            : result;
    }

    private SafeFileHandle OpenFolder(FilePath path, bool make)
    {
        var folder = TryOpen(path, NativeFiles.ReadOnly | NativeFiles.Folder);
        if (!folder.IsInvalid)
        {
            return folder;
        }

        return make && NativeFiles.Error == NativeFiles.NotFound ? MakeFolder(path) : throw FileErrors.Of(NativeFiles.Error, path.ToString());
    }

    private SafeFileHandle MakeFolder(FilePath path)
    {
        using (var parent = OpenFolder(path.Parent, make: true))
        {
            if (NativeFiles.MakeFolder(parent, path.Name, ForOwner) != 0 && NativeFiles.Error != NativeFiles.Exists)
            {
                throw FileErrors.Of(NativeFiles.Error, path.ToString());
            }
        }

        return OpenFolder(path, make: false);
    }

    /// <summary>An open file, or an invalid handle and the error.</summary>
    private SafeFileHandle TryOpen(FilePath path, int flags)
    {
        if (path.IsRoot)
        {
            return NativeFiles.OpenAt(_root, ".", flags | NativeFiles.NoFollow);
        }

        if (_kernelResolves)
        {
            var file = NativeFiles.OpenBeneath(_root, path.ToString(), flags | NativeFiles.NoFollow);

            // Absent, or forbidden by a filter of a container: without it the way is longer and just as safe.
            if (!file.IsInvalid || NativeFiles.Error is not (NativeFiles.NotImplemented or NativeFiles.NotPermitted or NativeFiles.Again))
            {
                return file;
            }
        }

        return OpenByNames(path, flags);
    }

    private SafeFileHandle OpenByNames(FilePath path, int flags)
    {
        var at = NativeFiles.OpenAt(_root, ".", NativeFiles.PathOnly | NativeFiles.Folder);
        for (var i = 0; i < path.Names.Count && !at.IsInvalid; i++)
        {
            var isLast = i == path.Names.Count - 1;
            var next = NativeFiles.OpenAt(
                at, path.Names[i], (isLast ? flags : NativeFiles.PathOnly | NativeFiles.Folder) | NativeFiles.NoFollow);
            var error = NativeFiles.Error;
            at.Dispose();
            at = next;
            if (!at.IsInvalid && NativeFiles.Facts(at)?.Device != _device)
            {
                at.Dispose();
                throw FileErrors.Of(NativeFiles.CrossDevice, path.ToString());
            }

            System.Runtime.InteropServices.Marshal.SetLastPInvokeError(error);
        }

        return at;
    }
}
