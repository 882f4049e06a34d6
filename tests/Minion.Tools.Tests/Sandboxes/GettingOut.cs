namespace Minion.Tools.Tests.Sandboxes;

/// <summary>Attacks over the network. The tests listen on <see cref="Port"/> of the host's loopback meanwhile.</summary>
internal static class GettingOut
{
    /// <summary>Stands in the code for the port that the tests listen on.</summary>
    public const string Port = "HOST_PORT";

    /// <summary>Stands in the code for the abstract socket that the tests listen on.</summary>
    public const string AbstractName = "HOST_ABSTRACT";

    private const string Reach = """
        import socket
        def reach(family, *address):
            try:
                with socket.socket(family, socket.SOCK_STREAM) as s:
                    s.settimeout(3)
                    s.connect(address if family != socket.AF_UNIX else address[0])
                    return True
            except OSError:
                return False
        def none(*reached):
            print("ESCAPED", reached) if any(reached) else print("HELD")

        """;

    public static readonly Attack[] Attacks =
    [
        Of("the host's loopback", $"none(reach(socket.AF_INET, '127.0.0.1', {Port}), reach(socket.AF_INET6, '::1', {Port}), reach(socket.AF_INET, '0.0.0.0', {Port}))"),
        Of("the outside by address", "none(reach(socket.AF_INET, '1.1.1.1', 443), reach(socket.AF_INET, '8.8.8.8', 53), reach(socket.AF_INET6, '2606:4700:4700::1111', 443))"),
        Of("the cloud's metadata and private networks", "none(reach(socket.AF_INET, '169.254.169.254', 80), reach(socket.AF_INET, '10.0.0.1', 80), reach(socket.AF_INET, '172.17.0.1', 80), reach(socket.AF_INET, '192.168.0.1', 80))"),
        Of("names", """
            try:
                print("ESCAPED", socket.getaddrinfo("example.com", 443))
            except OSError:
                print("HELD")
            """),
        Of("datagrams", """
            sent = []
            for address in (("1.1.1.1", 53), ("255.255.255.255", 9), ("224.0.0.1", 9)):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                    try:
                        s.sendto(b"x", address)
                        sent.append(address)
                    except OSError:
                        pass
            print("ESCAPED", sent) if sent else print("HELD")
            """),
        Of("abstract sockets of the host", $"""
            print("ESCAPED") if "{AbstractName}" in open("/proc/net/unix").read() or reach(socket.AF_UNIX, chr(0) + "{AbstractName}") else print("HELD")
            """),
        Of("interfaces of the host", """
            names = [name for _, name in socket.if_nameindex()]
            print("ESCAPED", names) if [name for name in names if name not in ("lo",) and not name.startswith(("tunl", "sit", "ip6", "gre", "erspan", "ip_vti"))] else print("HELD")
            """),
    ];

    private static Attack Of(string name, string code) => Attack.Refused(name, Reach + code);
}
