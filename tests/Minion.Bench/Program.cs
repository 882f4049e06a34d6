using System.Runtime.InteropServices;
using Minion.Bench;
using Minion.Bench.Arena;
using Minion.Bench.Echo;
using Minion.Bench.Figures;
using Minion.Bench.Mcp;
using Minion.Bench.Reporting;
using Minion.Bench.Upstream;
using Minion.Bench.Walking;

if (args is [WalkingServer.Verb, .. var forServer])
{
    return await WalkingServer.RunAsync(forServer);
}

if (args is [EchoHost.Argument])
{
    await EchoHost.RunAsync();
    return 0;
}

if (args is [UpstreamHost.Argument, var delay])
{
    await UpstreamHost.RunAsync(int.Parse(delay, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

if (args is [McpHost.Stdio])
{
    await McpHost.RunStdioAsync();
    return 0;
}

if (args is [McpHost.Http])
{
    await McpHost.RunHttpAsync();
    return 0;
}

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    // Everything that was started is ended first.
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var machine = Machine.This();
    Console.Error.WriteLine(machine);
    var measurements = new List<Measurement>();
    using var folder = new WorkFolder();
    foreach (var figure in FigureList.All.Where(f => options.Names.Count == 0 || options.Names.Contains(f.Name)))
    {
        Console.Error.WriteLine($"  {figure.Name}: {figure.Description}");
        measurements.AddRange(await figure.MeasureAsync(new Measuring(options.Duration, folder), stop.Token));
    }

    Console.WriteLine(options.Json ? JsonReport.Of(machine, measurements) : Table.Of(measurements));
    return 0;
}
catch (InvalidOperationException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
