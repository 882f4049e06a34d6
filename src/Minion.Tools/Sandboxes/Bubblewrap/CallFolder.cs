using System.Formats.Tar;
using System.Text;

namespace Minion.Tools.Sandboxes.Bubblewrap;

/// <summary>The files of one call on the host; a sandbox is given them as open files and never sees the folder.</summary>
internal sealed class CallFolder : IDisposable
{
    public CallFolder(string parent)
    {
        Path = System.IO.Path.Combine(parent, Guid.CreateVersion7().ToString("n"));
        Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public string Code => In("code");

    public string Arguments => In("arguments");

    public string Files => In("files.tar");

    public string HomeAfter => In("home.tar");

    public string Status => In("status");

    public void Write(SandboxCommand command, IReadOnlyList<string> arguments)
    {
        File.WriteAllText(Code, command.Code);
        File.WriteAllText(Arguments, string.Concat(arguments.Select(argument => argument + '\0')));
        if (command.Files.Count > 0)
        {
            Pack(command.Files);
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // What is left is removed when the next process starts.
        }
    }

    private void Pack(IReadOnlyList<SandboxFile> files)
    {
        using var archive = new TarWriter(File.Create(Files), TarEntryFormat.Pax);
        foreach (var file in files)
        {
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file.Path)
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                DataStream = new MemoryStream(file.Content.ToArray(), writable: false),
            });
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
