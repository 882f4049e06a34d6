using System.Text;
using Minion.Contracts.Servers;

namespace Minion.Cli.Local;

/// <summary>The file that a server's output goes to.</summary>
internal static class ServerLog
{
    private const long RotateAbove = 10 * 1024 * 1024; // bytes
    private const int TailBytes = 256 * 1024;

    /// <summary>Makes a file that only this user reads. A log of more than 10 MB becomes <c>server.log.1</c>, the one before is dropped.</summary>
    public static void Prepare(string file)
    {
        DataFolder.Create(Path.GetDirectoryName(file)!);
        if (new FileInfo(file) is { Exists: true, Length: > RotateAbove })
        {
            File.Move(file, file + ".1", overwrite: true);
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Open(file, options).Dispose();
    }

    public static long Length(string file) => new FileInfo(file) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>The last lines of what was written after <paramref name="from"/> (bytes).</summary>
    public static IReadOnlyList<string> Tail(string file, int lines, long from = 0)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = Open(file);
        stream.Position = Math.Max(Math.Min(from, stream.Length), stream.Length - TailBytes);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines).Select(line => line.TrimEnd('\r'))];
    }

    /// <summary>What kept a server from starting: its last sentence for people, or else its last lines.</summary>
    public static IReadOnlyList<string> WhyItEnded(string file, long from)
    {
        var lines = Tail(file, 200, from);
        var sentence = lines.ToList().FindLastIndex(line => line.StartsWith("minion: ", StringComparison.Ordinal));
        return sentence >= 0 ? [.. lines.Skip(sentence)] : [.. lines.TakeLast(12)];
    }

    /// <summary>Hands on what is written from now on, through rotations too, until cancelled.</summary>
    public static async Task FollowAsync(string file, Action<string> line, TimeProvider time, CancellationToken cancellation)
    {
        var position = Length(file);
        var pending = new StringBuilder();
        while (true)
        {
            var length = Length(file);
            position = length < position ? 0 : position;
            if (length > position)
            {
                await using var stream = Open(file);
                stream.Position = position;
                using var reader = new StreamReader(stream, Encoding.UTF8);
                pending.Append(await reader.ReadToEndAsync(cancellation));
                position = stream.Position;
                var text = pending.ToString();
                var end = text.LastIndexOf('\n');
                foreach (var whole in end < 0 ? [] : text[..end].Split('\n'))
                {
                    line(whole);
                }

                pending.Clear().Append(text, end + 1, text.Length - end - 1);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(150), time, cancellation);
        }
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
