using Minion.Server.Options;
using Minion.Server.Start;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

return await ServerProgram.RunAsync(args);
