using System.Diagnostics;
using Minion.Bench.Arena;

namespace Minion.Bench;

/// <summary>How all figures are measured, so that a busy moment hits a figure and its reference alike.</summary>
internal sealed record Measuring(TimeSpan Duration, WorkFolder Folder)
{
    private const int Rounds = 3;

    /// <summary>Measures both in turns; returns the median of each. What comes first warms both up and does not count.</summary>
    public static async Task<(double Value, double Reference)> InTurnsAsync(Func<TimeSpan, Task<double>> measure, Func<TimeSpan, Task<double>> reference, TimeSpan duration, CancellationToken ct)
    {
        await reference(duration / 2);
        await measure(duration / 2);
        var values = new List<double>();
        var references = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            references.Add(await reference(duration));
            values.Add(await measure(duration));
        }

        return (Median(values), Median(references));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>So many clients, each of which makes one call after the other; returns what all of them counted, per second.</summary>
    public static async Task<double> RateAsync(int clients, TimeSpan duration, Func<Task<long>> call)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var count = 0L;
            while (clock.Elapsed < duration)
            {
                count += await call();
            }

            return count;
        })));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }
}
