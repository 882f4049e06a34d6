using System.Formats.Tar;
using System.Text;
using Minion.Tools.Sandboxes.Bubblewrap;

namespace Minion.Tools.Sandboxes.Homes;

/// <summary>Reads packed home folders. Only regular files are looked at, and nothing is unpacked: links lead nowhere.</summary>
internal static class HomeFiles
{
    /// <summary>Bytes of all files together that are given back.</summary>
    public const int Most = 512 * 1024;

    /// <summary>Whether all of it was packed; takes the mark at its end away.</summary>
    public static bool IsWhole(string path)
    {
        var mark = Encoding.UTF8.GetBytes(InnerScript.Kept + "\n");
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        if (file.Length <= mark.Length)
        {
            return false;
        }

        file.Seek(-mark.Length, SeekOrigin.End);
        var end = new byte[mark.Length];
        file.ReadExactly(end);
        if (!end.AsSpan().SequenceEqual(mark))
        {
            return false;
        }

        file.SetLength(file.Length - mark.Length);
        return true;
    }

    /// <summary>The wanted files that are there, as far as they fit.</summary>
    public static async Task<List<SandboxFile>> ReadAsync(string path, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var found = new List<SandboxFile>();
        var left = Most;
        await using var file = File.OpenRead(path);
        await using var archive = new TarReader(file);
        try
        {
            while (wanted.Count > 0 && await archive.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                var name = Plain(entry.Name);
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && wanted.Any(path => Plain(path) == name) && entry.Length <= left)
                {
                    var content = new byte[entry.Length];
                    await (entry.DataStream ?? Stream.Null).ReadExactlyAsync(content, cancellationToken);
                    left -= content.Length;
                    found.Add(new SandboxFile(name, content));
                }
            }
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            // What cannot be read was packed so on purpose.
        }

        return found;
    }

    private static string Plain(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
}
