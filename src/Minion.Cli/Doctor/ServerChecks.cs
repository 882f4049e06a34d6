using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Doctor;

/// <summary>Whether the server answers and says that it is well; and when there is none, whether one could start.</summary>
internal static class ServerChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> CheckAsync(Connection connection, CancellationToken cancellation)
    {
        try
        {
            var status = await connection.Status.GetStatusAsync(new GetStatusRequest(), connection.Call(cancellation, Patience));
            return
            [
                Finding.Good("server", $"version {status.ServerVersion} at {connection.Address}"),
                .. status.Dependencies.Select(d => d.Healthy
                    ? Finding.Good(d.Name, d.Detail)
                    : Finding.Broken(d.Name, d.Detail, "minion logs shows what the server says about it.")),
            ];
        }
        catch (RpcException exception)
        {
            var failure = Refusals.Explain(exception, connection.Address);
            return failure.Kind == "unreachable"
                ? [Finding.Note("server", $"none answers at {connection.Address}", failure.Hint), .. Ports()]
                : [Finding.Broken("server", failure.Message, failure.Hint)];
        }
    }

    private static IEnumerable<Finding> Ports() => new[] { (Port: 5080, Option: "--http"), (Port: 5081, Option: "--grpc") }.Select(p => IsFree(p.Port)
        ? Finding.Good($"port {p.Port}", "free")
        : Finding.Broken($"port {p.Port}", "another program listens there", $"Stop it (ss -ltnp 'sport = :{p.Port}' shows which), or choose another port: ./minion up {p.Option} PORT."));

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
