using System.Net;
using System.Net.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Tools.Network;

namespace Minion.Tools.Tests.Network;

public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("10.1.0.0/16", "anything", 80, "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "anything", 80, "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "anything", 80, "10.2.0.1", false)]
    [InlineData("127.0.0.1:8080", "127.0.0.1", 8080, "127.0.0.1", true)]
    [InlineData("127.0.0.1:8080", "127.0.0.1", 8081, "127.0.0.1", false)]
    [InlineData("[::1]:8080", "::1", 8080, "::1", true)]
    [InlineData("::1", "localhost", 80, "::1", true)]
    [InlineData("Intranet.Example", "intranet.example.", 80, "10.0.0.1", true)]
    [InlineData("intranet.example", "evil.intranet.example", 80, "10.0.0.1", false)]
    [InlineData("*.corp.example", "a.b.corp.example", 80, "10.0.0.1", true)]
    [InlineData("*.corp.example", "corp.example", 80, "10.0.0.1", false)]
    [InlineData("*.corp.example", "evilcorp.example", 80, "10.0.0.1", false)]
    [InlineData("bücher.example", "xn--bcher-kva.example", 80, "10.0.0.1", true)]
    [InlineData("db.example:5432", "db.example", 5432, "10.0.0.1", true)]
    [InlineData("*", "anything", 80, "169.254.169.254", true)]
    [InlineData("*:443", "anything", 80, "169.254.169.254", false)]
    public void What_the_configuration_names_is_allowed_and_nothing_else(string allow, string host, int port, string address, bool allowed) =>
        new AddressGuard(new NetworkOptions { Allow = { allow } }).Allows(host, port, IPAddress.Parse(address)).ShouldBe(allowed);

    [Fact]
    public void A_guard_may_permit_what_was_declared_and_the_first_one_stays_as_it_is()
    {
        var strict = new AddressGuard(new NetworkOptions());
        var permitting = strict.Permitting(HostPattern.Of(new Uri("http://127.0.0.1:9000/mcp")));

        permitting.Allows("127.0.0.1", 9000, IPAddress.Loopback).ShouldBeTrue();
        permitting.Allows("127.0.0.1", 9001, IPAddress.Loopback).ShouldBeFalse();
        strict.Allows("127.0.0.1", 9000, IPAddress.Loopback).ShouldBeFalse();
    }

    [Theory]
    [InlineData("api.example", "169.254.169.254", false)]
    [InlineData("api.example", "::ffff:169.254.169.254", false)]
    [InlineData("api.example", "fe80::1", false)]
    [InlineData("api.example", "10.0.0.1", true)]
    [InlineData("169.254.169.254", "169.254.169.254", true)]
    public void A_name_that_was_declared_does_not_lead_to_where_clouds_keep_credentials(string host, string address, bool allowed) =>
        new AddressGuard(new NetworkOptions()).Permitting(HostPattern.Of(new Uri($"http://{host}/"))).Allows(host, 80, IPAddress.Parse(address)).ShouldBe(allowed);

    [Theory]
    [InlineData("api.example", "1.1.1.1", true)]
    [InlineData("1.1.1.1", "1.1.1.1", false)]
    [InlineData("other.example", "1.1.1.1", false)]
    [InlineData("api.example", "10.0.0.1", false)]
    public void A_list_of_hosts_narrows_and_opens_nothing(string host, string address, bool allowed) =>
        new AddressGuard(new NetworkOptions()).OnlyTo(HostPattern.Parse("api.example")).Allows(host, 443, IPAddress.Parse(address)).ShouldBe(allowed);

    [Fact]
    public void Two_lists_allow_what_both_name() =>
        new AddressGuard(new NetworkOptions()).OnlyTo(HostPattern.Parse("*.example")).OnlyTo(HostPattern.Parse("b.example"))
            .Allows("a.example", 443, IPAddress.Parse("1.1.1.1")).ShouldBeFalse();

    [Theory]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("::ffff:7f00:1")]
    public async Task A_number_in_disguise_is_refused(string host)
    {
        var guard = new AddressGuard(new NetworkOptions(), NetworkCalls.Real with { ConnectAsync = (_, _, _) => throw new IOException("connected") });

        await Should.ThrowAsync<AddressRefusedException>(() => guard.ConnectAsync(host, 80, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Only_the_allowed_ones_of_several_addresses_are_connected_to()
    {
        IPAddress[] connected = [];
        var guard = new AddressGuard(new NetworkOptions(), new NetworkCalls(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("1.1.1.1"), IPAddress.Parse("fe80::1")]),
            (addresses, _, _) =>
            {
                connected = addresses;
                return Task.FromResult(Stream.Null);
            }));

        await guard.ConnectAsync("mixed.example", 80, TestContext.Current.CancellationToken);

        connected.ShouldBe([IPAddress.Parse("1.1.1.1")]);
    }

    [Fact]
    public async Task The_handler_says_that_an_address_was_refused()
    {
        using var client = new HttpClient(new AddressGuard(new NetworkOptions()).CreateHandler());

        var exception = await Should.ThrowAsync<HttpRequestException>(() =>
            client.GetAsync(new Uri("http://127.0.0.1:1/"), TestContext.Current.CancellationToken));

        exception.InnerException.ShouldBeOfType<AddressRefusedException>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("10.0.0.0/99")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("http://host/")]
    [InlineData("a.*.example")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    public void What_is_no_host_is_named_with_its_setting(string entry)
    {
        var services = new ServiceCollection();
        services.AddToolNetwork(new ConfigurationBuilder().AddInMemoryCollection([new("Tools:Network:Allow:0", entry), new("Tools:Network:Allow:1", "ok.example")]).Build());
        using var provider = services.BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<AddressGuard>())
            .Message.ShouldContain($"Tools:Network:Allow has '{entry}'");
    }
}
