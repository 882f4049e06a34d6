using System.Globalization;

namespace Minion.Tools.Sandboxes.Limits;

/// <summary>
/// The processes of a program that is held in, seen from outside. All of them descend from bubblewrap: a process whose parent ends falls to the first process
/// of the sandbox's own PID namespace.
/// </summary>
internal static class ProcessTree
{
    private const int Most = 10_000;

    /// <summary>The process and everything below it.</summary>
    public static List<int> Of(int root)
    {
        var found = new List<int> { root };
        for (var i = 0; i < found.Count && found.Count < Most; i++)
        {
            found.AddRange(Children(found[i]));
        }

        return found;
    }

    /// <summary>Bytes of memory of the processes that belong to no file, shared ones counted for each; and processor time that they and their ended children had.</summary>
    public static (long Memory, TimeSpan Cpu) Usage(IEnumerable<int> processes)
    {
        var (memory, ticks) = (0L, 0L);
        foreach (var process in processes)
        {
            memory += Memory(process);
            ticks += Ticks(process);
        }

        return (memory, TimeSpan.FromSeconds(ticks / 100.0)); // USER_HZ is 100 for programs on every processor
    }

    /// <summary>The same memory with each process's share of what it shares.</summary>
    public static long Shares(IEnumerable<int> processes) => processes.Sum(process => Bytes(Read($"/proc/{process}/smaps_rollup"), "Pss_Anon:", "Pss_Shmem:"));

    /// <summary>How many a process has; 0 when it has ended.</summary>
    public static int Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task").Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>When a process was started, in ticks since the machine was; with its number it names a process for ever. Null when it has ended.</summary>
    public static long? StartedAt(int process)
    {
        var fields = Fields(process);
        return fields.Length > 19 ? Number64(fields[19]) : null;
    }

    private static IEnumerable<int> Children(int process)
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                children.AddRange(File.ReadAllText(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
        }

        return children;
    }

    /// <summary>Bytes of memory of a process that belong to no file.</summary>
    public static long Memory(int process) => Bytes(Read($"/proc/{process}/status"), "RssAnon:", "RssShmem:");

    private static long Bytes(string text, params string[] names) => text.Split('\n')
        .Where(line => Array.Exists(names, name => line.StartsWith(name, StringComparison.Ordinal)))
        .Sum(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var number, "kB"] ? Number64(number.Split('\t')[^1]) * 1024 : 0);

    private static long Ticks(int process)
    {
        var fields = Fields(process);
        return fields.Length > 14 ? fields[11..15].Sum(Number64) : 0;
    }

    // The name in parentheses may hold anything; the fields that count follow the last one: state, ppid, …, utime (12th), stime, cutime, cstime, …, starttime (20th).
    private static string[] Fields(int process)
    {
        var stat = Read($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static long Number64(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
