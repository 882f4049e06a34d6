using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>What the resources write: each line with the resource's name, and the last ones kept for when something goes wrong.</summary>
internal sealed class ResourceLines(DistributedApplicationOptions options, IHostEnvironment environment, ILoggerFactory loggers)
{
    private const int Kept = 40;
    private readonly ConcurrentDictionary<string, Queue<string>> _last = new();
    private readonly Lock _console = new();

    public void Add(string resource, string line)
    {
        var last = _last.GetOrAdd(resource, _ => new Queue<string>());
        lock (last)
        {
            last.Enqueue(line);
            if (last.Count > Kept)
            {
                last.Dequeue();
            }
        }

        if (options.EnableResourceLogging)
        {
            loggers.CreateLogger($"{environment.ApplicationName}.Resources.{resource}").ResourceLine(line);
            return;
        }

        lock (_console)
        {
            Console.Out.WriteLine($"{resource} | {line}");
        }
    }

    /// <summary>The last lines, each on one of its own and set in; empty when there are none.</summary>
    public string Last(string resource, int count)
    {
        if (!_last.TryGetValue(resource, out var last))
        {
            return "";
        }

        lock (last)
        {
            return string.Concat(last.TakeLast(count).Select(line => $"{Environment.NewLine}    {line}"));
        }
    }
}
