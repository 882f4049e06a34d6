using System.Net;
using System.Net.Sockets;
using Minion.Testing.Ports;
using Npgsql;

namespace Minion.Server.Tests;

/// <summary>The embedded PostgreSQL as a process for others.</summary>
[Collection(RunningProgram.OneAtATime)]
public sealed class PostgresRoleTests : IDisposable
{
    private readonly string _folder = CreateFolder();
    private readonly ReservedPort _port = new();

    public void Dispose()
    {
        _port.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Others_connect_with_the_password_of_this_start_and_every_start_may_have_another()
    {
        foreach (var password in new[] { "first", "it's \"another\"" })
        {
            await using var program = await RunningProgram.StartAsync(Arguments(password));
            await using var connection = new NpgsqlConnection(Connection(password));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT current_user::text", connection);
            (await command.ExecuteScalarAsync()).ShouldBe("minion");

            (await Should.ThrowAsync<PostgresException>(async () =>
            {
                await using var stranger = new NpgsqlConnection(Connection("guessed"));
                await stranger.OpenAsync();
            })).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);

            (await program.StopAsync()).ShouldBe(0);
        }

        await Should.ThrowAsync<NpgsqlException>(async () =>
        {
            await using var late = new NpgsqlConnection(Connection("first"));
            await late.OpenAsync();
        });
    }

    [Fact]
    public async Task A_taken_port_ends_the_program_with_3()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _port.Number);
        taken.Start();
        (await RunningProgram.RunAsync(Arguments("secret"))).ShouldBe(3);
    }

    private string[] Arguments(string password) =>
    [
        "--role", "postgres", "--data", Path.Combine(_folder, "data"), "--http", "0", "--pg-port", $"{_port.Number}", $"--Postgres:Password={password}",
        "--Logging:LogLevel:Default=Warning",
    ];

    private string Connection(string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "localhost",
        Port = _port.Number,
        Username = "minion",
        Password = password,
        Database = "minion",
        Pooling = false,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    /// <summary>PostgreSQL must reach it, which is another user where the tests run as root.</summary>
    private static string CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("minion-server-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }
}
