using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>Texts in files: UTF-8, with or without a mark at the start.</summary>
internal static class TextFile
{
    /// <summary>The largest file that is read or written: 10 MiB.</summary>
    public const int Largest = 10 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file.</summary>
    /// <exception cref="FileRefusal">It is none, or too long.</exception>
    public static string Read(RootedFolder workspace, FilePath path)
    {
        using var file = workspace.OpenFile(path, out var facts);
        if (facts.Size > Largest)
        {
            throw new FileRefusal($"'{path}' has {facts.Size} bytes; at most {Largest} are read.", "Use a smaller file.");
        }

        return TryDecode(Bytes(file)) ?? throw new FileRefusal($"'{path}' is no text in UTF-8.", "Only text files are read; look at its size and name with file_list.");
    }

    /// <summary>The text, or null when it is none.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
        {
            return null;
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <exception cref="FileRefusal">It is too long, or has half characters.</exception>
    public static byte[] Encode(string text)
    {
        try
        {
            var bytes = Strict.GetBytes(text);
            return bytes.Length <= Largest
                ? bytes
                : throw new FileRefusal($"The file would have {bytes.Length} bytes; at most {Largest} are written.", "Divide it into several files.");
        }
        catch (EncoderFallbackException)
        {
            throw new FileRefusal("The text has half of a surrogate pair, which is no character.", "Correct the text.");
        }
    }

    /// <summary>Everything up to <see cref="Largest"/>, whatever the size was said to be.</summary>
    public static ReadOnlySpan<byte> Bytes(SafeFileHandle file)
    {
        var buffer = new byte[Math.Min(RandomAccess.GetLength(file), Largest) + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(length), length);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return buffer.AsSpan(0, length);
    }
}
