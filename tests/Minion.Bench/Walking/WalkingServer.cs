using Minion.Orchestration.Runs.Behaviours;
using Minion.Server.Start;

namespace Minion.Bench.Walking;

/// <summary>The server with one behaviour more.</summary>
internal static class WalkingServer
{
    public const string Verb = "serve";

    public static Task<int> RunAsync(string[] args) => ServerProgram.RunAsync(args, services => services.AddBehaviour<Walk>());
}
