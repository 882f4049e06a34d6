using System.Diagnostics;
using Minion.Bench.Reporting;
using Minion.Bench.Sandboxes;

namespace Minion.Bench.Figures;

/// <summary>What a sandbox costs, how many start at a time, and that ordinary programs pass in it.</summary>
internal sealed class SandboxFigure : IFigure
{
    private const int AtATime = 200;
    private const double MostOverBare = 30;

    public string Name => "sandbox";

    public string Description => "code in sandboxes: starting echo and Python beside bubblewrap bare, 200 at a time, the solutions of humaneval and mbpp";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        if (BenchSandbox.Missing() is { } missing)
        {
            Console.Error.WriteLine($"    not measured: {missing}");
            return [];
        }

        using var sandbox = new BenchSandbox(measuring.Folder.New("sandboxes"), AtATime);
        var (echo, bareEcho) = await StartAsync(sandbox, measuring, ["/bin/echo", "hello"], ct);
        var (python, barePython) = await StartAsync(sandbox, measuring, ["/usr/bin/python3", "-c", "print(1)"], ct);
        return
        [
            new Measurement(Name, "echo", echo, "ms") { Reference = bareEcho, ReferenceIs = "bubblewrap bare" },
            new Measurement(Name, "echo, over bubblewrap bare", echo - bareEcho, "ms") { Aim = Aim.AtMost(MostOverBare) },
            new Measurement(Name, "Python", python, "ms") { Reference = barePython, ReferenceIs = "bubblewrap bare" },
            .. await ManyAsync(sandbox),
            .. await UnderAttackAsync(sandbox, measuring.Duration, ct),
            .. await SolutionsAsync(sandbox, ct),
        ];
    }

    private static Task<(double Value, double Reference)> StartAsync(BenchSandbox sandbox, Measuring measuring, string[] program, CancellationToken ct) =>
        Measuring.InTurnsAsync(
            duration => MedianAsync(duration, () => sandbox.MillisecondsAsync(program)), duration => MedianAsync(duration, () => sandbox.BareMillisecondsAsync(program)), measuring.Duration, ct);

    private static async Task<double> MedianAsync(TimeSpan duration, Func<Task<double>> call)
    {
        var clock = Stopwatch.StartNew();
        var times = new List<double>();
        while (clock.Elapsed < duration || times.Count == 0)
        {
            times.Add(await call());
        }

        return Measuring.Median(times);
    }

    // Each of them sleeps, so that all are there at a time.
    private async Task<IReadOnlyList<Measurement>> ManyAsync(BenchSandbox sandbox)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => sandbox.MillisecondsAsync("/bin/sleep", "2")));
        return [new Measurement(Name, $"{AtATime} at a time, each sleeping 2 s: all done after", clock.Elapsed.TotalSeconds, "s")];
    }

    // A timer of 5 ms in this process: how late it is says what the host's work would feel.
    private async Task<IReadOnlyList<Measurement>> UnderAttackAsync(BenchSandbox sandbox, TimeSpan duration, CancellationToken ct)
    {
        var quiet = await LatenessAsync(duration, ct);
        var memory = Environment.WorkingSet;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var attacks = Task.WhenAll(BenchSandbox.Attacks.Select(attack => sandbox.RepeatAsync(attack, stop.Token)));
        var attacked = await LatenessAsync(duration * 3, ct);
        await stop.CancelAsync();
        await attacks;
        return
        [
            new Measurement(Name, "lateness (p99) of a timer in the host while four attacks run", attacked, "ms") { Reference = quiet, ReferenceIs = "none runs" },
            new Measurement(Name, "memory of the host process after them, more than before", (Environment.WorkingSet - memory) / 1048576.0, "MiB"),
        ];
    }

    private static async Task<double> LatenessAsync(TimeSpan duration, CancellationToken ct)
    {
        const int period = 5;
        var clock = Stopwatch.StartNew();
        var late = new List<double>();
        while (clock.Elapsed < duration)
        {
            var before = clock.Elapsed;
            await Task.Delay(period, ct);
            late.Add((clock.Elapsed - before).TotalMilliseconds - period);
        }

        late.Sort();
        return late[(int)(late.Count * 0.99)];
    }

    private async Task<IReadOnlyList<Measurement>> SolutionsAsync(BenchSandbox sandbox, CancellationToken ct)
    {
        if (Solutions.Folder() is not { } folder)
        {
            Console.Error.WriteLine("    humaneval and mbpp not measured: there is no public data; set MINION_DATA to its folder");
            return [];
        }

        var rows = new List<Measurement>();
        foreach (var (set, programs) in new[] { ("humaneval", Solutions.HumanEval(folder)), ("mbpp", Solutions.Mbpp(folder)) })
        {
            var (passed, times) = (0, new List<double>());
            foreach (var program in programs)
            {
                ct.ThrowIfCancellationRequested();
                var (passes, milliseconds) = await sandbox.PythonAsync(program);
                passed += passes ? 1 : 0;
                times.Add(milliseconds);
            }

            rows.Add(new Measurement(Name, $"{set}: solutions that pass", passed, "programs") { Reference = programs.Count, ReferenceIs = "all", Aim = Aim.RatioOf(1) });
            rows.Add(new Measurement(Name, $"{set}: time of each", Measuring.Median(times), "ms"));
        }

        return rows;
    }
}
