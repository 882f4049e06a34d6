using Minion.Server.Start;
using Minion.Tools;

namespace Minion.Crash.Serving;

/// <summary>Minion.Server with three tools more, which count their calls: what the harness starts, and kills.</summary>
internal static class CrashServer
{
    public const string Verb = "serve";

    public static Task<int> RunAsync(string[] args) =>
        ServerProgram.RunAsync(args, services => services.AddTool<CountRead>().AddTool<CountPut>().AddTool<CountAdd>());
}
