using System.Net;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Faults;
using Minion.Contracts.Servers;
using Minion.Server.Options;

namespace Minion.Server.Tests.Options;

public sealed class ServerOptionsTests
{
    [Fact]
    public void Without_settings_everything_runs_on_the_usual_ports_of_localhost()
    {
        var options = From();
        options.Roles.ShouldBe([ServerRole.Orchestration, ServerRole.Tools, ServerRole.Edge, ServerRole.Migrate], ignoreOrder: true);
        options.Address.ShouldBeNull();
        options.HttpPort.ShouldBe(5080);
        options.GrpcPort.ShouldBe(5081);
        options.DataFolder.ShouldBe(DataFolder.Default);
    }

    [Fact]
    public void Only_migrating_is_a_job_of_its_own()
    {
        From(("Server:Role", "migrate")).OnlyMigrates.ShouldBeTrue();
        From(("Server:Role", "migrate,tools")).OnlyMigrates.ShouldBeFalse();
    }

    [Theory]
    [InlineData("Server:Role", "memory", "--role has no 'memory'; the roles are orchestration, tools, edge, migrate, postgres.")]
    [InlineData("Server:Role", " , ", "--role is empty; the roles are orchestration, tools, edge, migrate, postgres.")]
    [InlineData("Server:Role", "1", "--role has no '1'; the roles are orchestration, tools, edge, migrate, postgres.")]
    [InlineData("Server:Role", "orchestration", "--role orchestration without tools needs to know where the tools are: set services:tools:grpc:0 to their gRPC address.")]
    [InlineData("Server:Role", "edge", "--role edge without orchestration needs to know where the agents are: set services:orchestration:grpc:0 to the orchestration's gRPC address.\n--role edge without tools needs to know where the tools are: set services:tools:grpc:0 to their gRPC address.")]
    [InlineData("Server:Role", "postgres", "--role postgres needs the password that others will connect with: set MINION_PG_PASSWORD (or Postgres:Password).")]
    [InlineData("Postgres:Port", "x", "--pg-port is 'x'; a port is a number from 0 to 65535.")]
    [InlineData("Server:Http", "65536", "--http is '65536'; a port is a number from 0 to 65535.")]
    [InlineData("Server:Grpc", "grpc", "--grpc is 'grpc'; a port is a number from 0 to 65535.")]
    [InlineData("Server:Grpc", "5080", "--grpc is 5080, the port for HTTP too; they must differ.")]
    [InlineData("Server:Listen", "example.com", "--listen is 'example.com'; it takes an IP address, for example 0.0.0.0 for all, or localhost.")]
    [InlineData("Server:Listen", "0.0.0.0", "--listen is 0.0.0.0, which other machines may reach: that needs an API key. Set MINION_API_KEY (or Authentication:ApiKey), or listen on localhost.")]
    [InlineData("Server:Listen", "::", "--listen is ::, which other machines may reach: that needs an API key. Set MINION_API_KEY (or Authentication:ApiKey), or listen on localhost.")]
    public void What_is_wrong_is_a_sentence(string setting, string value, string message) =>
        Should.Throw<Fault>(() => From((setting, value))).Message.ShouldBe(message);

    [Fact]
    public void Postgres_is_a_process_of_its_own() => Should.Throw<Fault>(() => From(("Server:Role", "postgres,tools"), ("Postgres:Password", "secret")))
        .Message.ShouldBe("--role postgres is a process of its own: start the others without it.");

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("tools", null, true)]
    [InlineData("postgres", "a key", true)]
    [InlineData("tools", "a key", false)]
    public void Only_a_process_that_needs_nothing_of_the_data_folder_leaves_it_to_others(string? role, string? key, bool owns) => From(
        ("Server:Role", role ?? ""), ("Caller:Key", key ?? ""), ("ConnectionStrings:minion", "Host=elsewhere"), ("Postgres:Password", "secret"))
        .OwnsDataFolder.ShouldBe(owns);

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Should.Throw<Fault>(() => From(("Server:Role", "x"), ("Server:Http", "y"), ("Server:Listen", "z"))).Message.Split('\n').Length.ShouldBe(3);

    [Theory]
    [InlineData("MINION_API_KEY")]
    [InlineData("Authentication:ApiKey")]
    public void With_a_key_it_listens_to_others(string setting) =>
        From(("Server:Listen", "0.0.0.0"), (setting, "a-key-of-the-tests")).Address.ShouldBe(IPAddress.Any);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Without_a_key_it_listens_to_its_own_machine(string address) => From(("Server:Listen", address)).Address.ShouldBe(IPAddress.Parse(address));

    [Fact]
    public void The_data_folder_is_made_absolute() => From(("Data:Folder", "here")).DataFolder.ShouldBe(Path.GetFullPath("here"));

    private static ServerOptions From(params (string Key, string Value)[] settings) => ServerOptions.From(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value))
        .Build());
}
