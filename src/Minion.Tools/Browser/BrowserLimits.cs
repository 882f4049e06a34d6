using System.Globalization;
using Minion.Tools.Sandboxes;
using Minion.Tools.Sandboxes.Limits;

namespace Minion.Tools.Browser;

/// <summary>
/// What holds a browser's processes to their limits: a control group where one can be made, else somebody who looks now and then and ends the process
/// that uses up most. That is the one of a page: the page crashes, and the others go on.
/// </summary>
internal sealed class BrowserLimits : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly BrowserOptions _options;
    private readonly ControlGroup? _group;
    private readonly string _processFile;
    private readonly ITimer? _timer;
    private int _looking;
    private (int Process, long StartedAt)? _browser;

    /// <param name="options">The limits.</param>
    /// <param name="folder">The browser's; its start writes the number of its first process there.</param>
    /// <param name="time">When to look.</param>
    public BrowserLimits(BrowserOptions options, string folder, TimeProvider time)
    {
        (_options, _processFile) = (options, Path.Combine(folder, "process"));
        _group = options.ControlGroups == "off" || !OperatingSystem.IsLinux()
            ? null
            : ControlGroups.OfThisMachine().Create(new GroupLimits(options.MemoryMb, options.Processes, options.Processors));
        _timer = _group is not null || !OperatingSystem.IsLinux() ? null : time.CreateTimer(_ => Look(), state: null, Interval, Interval);
    }

    /// <summary>Lines of the shell script that starts the browser: it says its number, and joins the control groups.</summary>
    public IEnumerable<string> Start() =>
    [
        $"echo $$ >{Quoted(_processFile)}",
        .. (_group?.Joins ?? []).Select(group => $"echo $$ >{Quoted(group)} || exit 126"),
    ];

    public void Dispose()
    {
        _timer?.Dispose();
        _group?.Dispose();
    }

    private void Look()
    {
        // A look at many processes may take longer than the time between two.
        if (Interlocked.Exchange(ref _looking, 1) == 1)
        {
            return;
        }

        try
        {
            if (File.Exists(_processFile) && int.TryParse(File.ReadAllText(_processFile).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            {
                // A number that has gone to another process since is not the browser's.
                if (ProcessTree.StartedAt(first) is { } startedAt && (_browser?.Process != first || _browser?.StartedAt == startedAt))
                {
                    _browser = (first, startedAt);
                    End(ProcessTree.Of(first));
                }
            }
        }
        catch (IOException)
        {
            // The browser has just ended.
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private void End(List<int> tree)
    {
        var most = (long)_options.MemoryMb << 20;
        if (ProcessTree.Usage(tree).Memory > most && ProcessTree.Shares(tree) > most)
        {
            Libc.Kill(tree.MaxBy(ProcessTree.Memory));
        }
        else if (tree.Sum(ProcessTree.Threads) > _options.Processes)
        {
            Libc.Kill(tree.MaxBy(ProcessTree.Threads));
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
