namespace Minion.Data.Embedded;

/// <summary>PostgreSQL's log: one file beside its data, and the one before it.</summary>
internal static class ServerLog
{
    public const string FileName = "server.log";
    private const long MaxBytes = 8 * 1024 * 1024;

    public static string PathIn(string postgresFolder) => Path.Combine(postgresFolder, FileName);

    /// <summary>Called before each start: the log grows by a few lines a day, a full one is put aside. Returns its length.</summary>
    public static long Rotate(string postgresFolder)
    {
        var file = new FileInfo(PathIn(postgresFolder));
        if (file is { Exists: true, Length: > MaxBytes })
        {
            file.MoveTo($"{PathIn(postgresFolder)}.1", overwrite: true);
            return 0;
        }

        return file.Exists ? file.Length : 0;
    }

    /// <summary>What was written since <paramref name="position"/>, at most 64 kB of it.</summary>
    public static string Since(string postgresFolder, long position)
    {
        try
        {
            using var file = new FileStream(PathIn(postgresFolder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Max(position, file.Length - (64 * 1024));
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
