using System.CommandLine;
using Minion.Cli.Output;

namespace Minion.Cli.Verbs;

/// <summary>Reads things: <c>get agents</c> lists them, <c>get agent NAME</c> shows one.</summary>
internal static class GetVerb
{
    public static Command Create(Terminal terminal) => new("get", "Lists agents, sessions, runs or tools, or shows one of them.")
    {
        GetAgents.List(terminal),
        GetAgents.One(terminal),
        GetSessions.List(terminal),
        GetSessions.One(terminal),
        GetRuns.List(terminal),
        GetRuns.One(terminal),
        GetTools.List(terminal),
        GetTools.One(terminal),
    };
}
