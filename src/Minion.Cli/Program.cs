using Minion.Cli;
using Minion.Cli.Output;

using var terminal = Terminal.OfThisProcess();
return await CommandLine.RunAsync(args, terminal);
