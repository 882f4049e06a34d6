using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>Reads the entries of an open folder (<c>struct linux_dirent64</c>).</summary>
internal static class FolderEntries
{
    private const int Most = 20_000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>In the order of the names; without files being written and names that are no text.</summary>
    public static IReadOnlyList<(string Name, FileFacts Facts)> Read(SafeFileHandle folder)
    {
        var entries = new List<(string, FileFacts)>();
        var buffer = new byte[32 * 1024];
        int length;
        while ((length = NativeFiles.ReadEntries(folder, buffer)) > 0)
        {
            for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16)))
            {
                if (NameAt(buffer.AsSpan(at + 19)) is { } name && NativeFiles.Facts(folder, name) is { } facts)
                {
                    entries.Add((name, facts));
                }
            }

            if (entries.Count > Most)
            {
                throw new FileRefusal($"The folder has more than {Most} entries.", "Use another folder.");
            }
        }

        if (length < 0)
        {
            throw FileErrors.Of(NativeFiles.Error, "");
        }

        entries.Sort((a, b) => string.CompareOrdinal(a.Item1, b.Item1));
        return entries;
    }

    private static string? NameAt(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var name = Strict.GetString(bytes[..bytes.IndexOf((byte)0)]);
            return name is "." or ".." || name.StartsWith(RootedFolder.TemporaryPrefix, StringComparison.Ordinal) ? null : name;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
