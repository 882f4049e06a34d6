namespace Minion.Tools.BuiltIn.Files;

/// <summary>What the model hears when the system does not do something with a file.</summary>
internal static class FileErrors
{
    public static Exception Of(int error, string path)
    {
        var shown = path.Length == 0 ? "The workspace" : $"'{path}'";
        return error switch
        {
            NativeFiles.NotFound => new FileRefusal($"{shown} does not exist.", "Look with file_list what there is."),
            NativeFiles.Exists => AlreadyThere(path),
            NativeFiles.NotFolder => new FileRefusal($"{shown} is, or leads through, something that is no folder.", "Look with file_list what there is."),
            NativeFiles.IsFolder => new FileRefusal($"{shown} is a folder.", "Name a file in it."),
            NativeFiles.Link => new FileRefusal($"{shown} is, or leads through, a link; links are not followed.", "Use the path of the file itself."),
            NativeFiles.CrossDevice => new FileRefusal($"{shown} is on another file system.", "Use files of the workspace only."),
            NativeFiles.NameTooLong => new FileRefusal($"{shown} has a name that is too long.", "Use a shorter name."),
            NativeFiles.AccessDenied or NativeFiles.NotPermitted => new FileRefusal($"{shown} may not be opened.", "Use another file."),
            NativeFiles.DiskFull or NativeFiles.QuotaReached => new FileRefusal("There is no room left on the server's disk.", "Write less, or tell a person."),
            _ => new IOException($"{shown}: {NativeFiles.Describe(error)} ({error})"),
        };
    }

    public static FileRefusal AlreadyThere(string path) =>
        new($"'{path}' exists already, with another content.", "Change it with file_edit, write another file, or set overwrite to true.");

    public static FileFacts MustBeFile(FileFacts? facts, FilePath path) => facts switch
    {
        null => throw Of(NativeFiles.NotFound, path.ToString()),
        { Kind: FileKind.Folder } => throw Of(NativeFiles.IsFolder, path.ToString()),
        { Kind: FileKind.Link } => throw Of(NativeFiles.Link, path.ToString()),
        { Kind: FileKind.Other } => throw new FileRefusal($"'{path}' is a device, a pipe or a socket.", "Use regular files only."),
        { Links: > 1 } => throw new FileRefusal($"'{path}' has a second name (a hard link), which may be outside the workspace.", "Use a copy of it."),
        _ => facts,
    };
}
