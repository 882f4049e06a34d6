using System.Runtime.InteropServices;
using Minion.Crash;
using Minion.Crash.Exhaustive;
using Minion.Crash.Serving;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(CrashOptions.Usage);
    return 0;
}

if (args is [CrashServer.Verb, .. var forServer])
{
    return await CrashServer.RunAsync(forServer);
}

CrashOptions options;
try
{
    options = CrashOptions.Parse(args);
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(CrashOptions.Usage);
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
    return await (options.Failpoints ? ExhaustiveRound.RunAsync(options, stop.Token) : Harness.RunAsync(options, stop.Token)) ? 0 : 1;
}
catch (InvalidOperationException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 3;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("Stopped.");
    return 130;
}
