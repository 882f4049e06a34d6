using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Faults;
using Minion.Server.Listening;
using Minion.Server.Options;

namespace Minion.Server.Tests.Listening;

public sealed class PortTests
{
    private const string Table =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:13D8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000000000000000 100 0 0 10 0
           1: 0100007F:13D8 0100007F:A2B4 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0000000000000000 20 4 30 10 -1
           2: 0100007F:13D9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0000000000000000 100 0 0 10 0
        """;

    [Fact]
    public void The_listener_of_a_port_is_read_from_the_systems_table() =>
        PortHolder.Inodes(Table.Split('\n'), 5080).ShouldBe(["111"]);

    [Fact]
    public void A_taken_port_is_said_with_its_holder_and_the_way_out()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var fault = Should.Throw<Fault>(() => PortCheck.Free(address: null, port, "gRPC", "--grpc"));
        fault.Reason.ShouldBe("PORT_IN_USE");
        fault.Message.ShouldStartWith($"Port {port}, for gRPC, is in use");
        fault.Hint.ShouldBe("Stop that program, or choose another port with --grpc PORT.");
        if (OperatingSystem.IsLinux())
        {
            fault.Message.ShouldContain($"(process {Environment.ProcessId})");
        }
    }

    [Fact]
    public void A_foreign_address_is_said() =>
        Should.Throw<Fault>(() => PortCheck.Free(IPAddress.Parse("192.0.2.1"), 5080, "HTTP", "--http")).Reason.ShouldBe("ADDRESS_UNKNOWN");

    [Fact]
    public void Port_0_is_a_free_one()
    {
        var ports = new Ports(Options(null), Settings());
        ports.Http.ShouldMatch(@"^http://localhost:\d{4,5}$");
        ports.Grpc.ShouldNotBe(ports.Http);
    }

    [Theory]
    [InlineData("0.0.0.0", "http://localhost:")]
    [InlineData("127.0.0.1", "http://localhost:")]
    public void Addresses_are_given_as_this_machine_uses_them(string address, string start) =>
        new Ports(Options(IPAddress.Parse(address)), Settings()).Grpc.ShouldStartWith(start);

    [Fact]
    public void Configured_endpoints_take_the_place_of_the_options() =>
        new Ports(Options(null), Settings(("Kestrel:Endpoints:grpc:Url", "http://localhost:7001"))).Grpc.ShouldBe("http://localhost:7001");

    [Theory]
    [InlineData("http://*:7001")]
    [InlineData("http://0.0.0.0:7001")]
    [InlineData("http://+:7001")]
    public void Configured_endpoints_need_a_key_too(string url)
    {
        Should.Throw<Fault>(() => new Ports(Options(null), Settings(("Kestrel:Endpoints:http:Url", url)))).Reason.ShouldBe("API_KEY_NEEDED");
        new Ports(Options(null), Settings(("Kestrel:Endpoints:http:Url", url), ("MINION_API_KEY", "a-key-of-the-tests"))).Http.ShouldBe(url);
    }

    private static ServerOptions Options(IPAddress? address) => new(new HashSet<ServerRole> { ServerRole.Tools }, "/tmp", OwnsDataFolder: true, address, 0, 0, 0);

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();
}
