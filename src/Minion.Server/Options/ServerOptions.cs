using System.Net;
using Minion.Contracts.Faults;
using Minion.Contracts.Servers;
using Minion.ServiceDefaults.Callers;

namespace Minion.Server.Options;

/// <summary>What the process is to do, and where.</summary>
/// <param name="Roles">At least one.</param>
/// <param name="DataFolder">An absolute path.</param>
/// <param name="OwnsDataFolder">False for one of several processes that need nothing of the folder.</param>
/// <param name="Address">Null for localhost, in both versions of IP.</param>
/// <param name="HttpPort">0 for a free one.</param>
/// <param name="GrpcPort">0 for a free one.</param>
/// <param name="PostgresPort">Where the role postgres listens; 0 for a free one.</param>
internal sealed record ServerOptions(
    IReadOnlySet<ServerRole> Roles, string DataFolder, bool OwnsDataFolder, IPAddress? Address, int HttpPort, int GrpcPort, int PostgresPort)
{
    public const string RoleKey = "Server:Role";
    public const string HttpKey = "Server:Http";
    public const string GrpcKey = "Server:Grpc";
    public const string ListenKey = "Server:Listen";
    public const string DataKey = "Data:Folder";
    public const string PostgresPortKey = "Postgres:Port";
    public const string PostgresPasswordKey = "Postgres:Password";
    public const string ToolsAddressKey = "services:tools:grpc:0";
    public const string OrchestrationAddressKey = "services:orchestration:grpc:0";
    private const int DefaultHttpPort = 5080;
    private const int DefaultGrpcPort = 5081;
    private const int DefaultPostgresPort = 5432;
    private static readonly ServerRole[] Everything = [ServerRole.Orchestration, ServerRole.Tools, ServerRole.Edge, ServerRole.Migrate];

    public bool OnlyMigrates => Roles is { Count: 1 } && Roles.Contains(ServerRole.Migrate);

    public bool IsPostgres => Roles.Contains(ServerRole.Postgres);

    /// <summary>Whether there is anything to call over gRPC here.</summary>
    public bool HasServices => Roles.Contains(ServerRole.Orchestration) || Roles.Contains(ServerRole.Tools);

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="Fault">Names everything that is wrong.</exception>
    public static ServerOptions From(IConfiguration configuration)
    {
        var wrong = new Violations();
        var options = new ServerOptions(
            ReadRoles(configuration, wrong),
            Path.GetFullPath(configuration[DataKey] is { Length: > 0 } folder ? folder : Contracts.Servers.DataFolder.Default),
            OwnsFolder(configuration),
            ListenAddress(configuration, wrong),
            Port(configuration, HttpKey, DefaultHttpPort, "--http", wrong),
            Port(configuration, GrpcKey, DefaultGrpcPort, "--grpc", wrong),
            Port(configuration, PostgresPortKey, DefaultPostgresPort, "--pg-port", wrong));
        wrong.Check(
            options.HttpPort == 0 || !options.HasServices || options.HttpPort != options.GrpcPort, "--grpc", $"is {options.GrpcPort}, the port for HTTP too; they must differ.");
        wrong.Check(
            !options.Roles.Contains(ServerRole.Orchestration) || options.Roles.Contains(ServerRole.Tools) || configuration[ToolsAddressKey] is not null,
            "--role",
            $"orchestration without tools needs to know where the tools are: set {ToolsAddressKey} to their gRPC address.");
        wrong.Check(
            !options.Roles.Contains(ServerRole.Edge) || options.Roles.Contains(ServerRole.Orchestration) || configuration[OrchestrationAddressKey] is not null,
            "--role",
            $"edge without orchestration needs to know where the agents are: set {OrchestrationAddressKey} to the orchestration's gRPC address.");
        wrong.Check(
            !options.Roles.Contains(ServerRole.Edge) || options.Roles.Contains(ServerRole.Tools) || configuration[ToolsAddressKey] is not null,
            "--role",
            $"edge without tools needs to know where the tools are: set {ToolsAddressKey} to their gRPC address.");
        wrong.Check(!options.IsPostgres || options.Roles.Count == 1, "--role", "postgres is a process of its own: start the others without it.");
        wrong.Check(
            !options.IsPostgres || configuration[PostgresPasswordKey] is { Length: > 0 },
            "--role",
            "postgres needs the password that others will connect with: set MINION_PG_PASSWORD (or Postgres:Password).");
        return wrong.Fields.Count == 0 ? options : throw new Fault(
            Grpc.Core.StatusCode.InvalidArgument,
            "USAGE",
            string.Join("\n", wrong.Fields.Select(field => $"{field.Field} {field.Message}")));
    }

    private static HashSet<ServerRole> ReadRoles(IConfiguration configuration, Violations wrong)
    {
        var allowed = Enum.GetValues<ServerRole>();
        if (configuration[RoleKey] is not { Length: > 0 } given)
        {
            return [.. Everything];
        }

        var roles = new HashSet<ServerRole>();
        foreach (var name in given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var role = allowed.FirstOrDefault(r => Name(r) == name, (ServerRole)(-1));
            if (wrong.Check(Enum.IsDefined(role), "--role", $"has no '{name}'; the roles are {string.Join(", ", allowed.Select(Name))}."))
            {
                roles.Add(role);
            }
        }

        wrong.Check(roles.Count > 0 || wrong.Fields.Count > 0, "--role", $"is empty; the roles are {string.Join(", ", allowed.Select(Name))}.");
        return roles;
    }

    /// <summary>One of several processes that has its database and its key from elsewhere needs nothing of the folder.</summary>
    private static bool OwnsFolder(IConfiguration configuration) =>
        configuration[RoleKey] is not { Length: > 0 } roles
        || roles == Name(ServerRole.Postgres)
        || configuration.GetConnectionString("minion") is not { Length: > 0 }
        || configuration["Caller:Key"] is not { Length: > 0 };

    private static int Port(IConfiguration configuration, string key, int otherwise, string option, Violations wrong)
    {
        if (configuration[key] is not { Length: > 0 } given)
        {
            return otherwise;
        }

        var isPort = int.TryParse(given, out var port) && port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
        wrong.Check(isPort, option, $"is '{given}'; a port is a number from 0 to 65535.");
        return port;
    }

    private static IPAddress? ListenAddress(IConfiguration configuration, Violations wrong)
    {
        var keys = ApiKeys.Read(configuration, wrong);
        if (configuration[ListenKey] is not { Length: > 0 } given || given == "localhost")
        {
            return null;
        }

        var isAddress = IPAddress.TryParse(given, out var address);
        wrong.Check(isAddress, "--listen", $"is '{given}'; it takes an IP address, for example 0.0.0.0 for all, or localhost.");
        wrong.Check(
            address is null || IPAddress.IsLoopback(address) || keys.Any,
            "--listen",
            $"is {given}, which other machines may reach: that needs an API key. Set MINION_API_KEY (or Authentication:ApiKey), or listen on localhost.");
        return address;
    }

    private static string Name(ServerRole role) => role.ToString().ToLowerInvariant();
}
