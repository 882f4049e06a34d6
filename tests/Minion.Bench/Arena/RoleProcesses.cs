using System.Security.Cryptography;

namespace Minion.Bench.Arena;

/// <summary>The server's roles, each in a process of its own, as the AppHost starts them: migrate first, then tools, then orchestration.</summary>
internal sealed class RoleProcesses : IAsyncDisposable
{
    private RoleProcesses(ServerProcess tools, IReadOnlyList<ServerProcess> orchestrations) => (Tools, Orchestrations) = (tools, orchestrations);

    public ServerProcess Tools { get; }

    public IReadOnlyList<ServerProcess> Orchestrations { get; }

    public static async Task<RoleProcesses> StartAsync(WorkFolder folder, Database database, int orchestrations, CancellationToken ct)
    {
        // One key for all of them, so that they take each other's callers.
        var key = $"--Caller:Key={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        await Command.RunAsync(
            Root.Server, ["--role", "migrate"], new Dictionary<string, string> { ["ConnectionStrings__minion"] = database.ConnectionString }, ct);
        var tools = await ServerProcess.StartAsync(folder, database, ct, "--role", "tools", key);
        var started = new List<ServerProcess>();
        try
        {
            while (started.Count < orchestrations)
            {
                started.Add(await ServerProcess.StartAsync(folder, database, ct, "--role", "orchestration", $"--services:tools:grpc:0={tools.Grpc}", key));
            }

            return new RoleProcesses(tools, started);
        }
        catch
        {
            await new RoleProcesses(tools, started).DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Orchestrations.Append(Tools))
        {
            await server.DisposeAsync();
        }
    }
}
