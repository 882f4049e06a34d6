using System.Net;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Tests.Callers;

public sealed class GateTests
{
    private const string ToolsCall = "/minion.tools.v1.ToolService/CallTool";
    private static readonly byte[] Key = new byte[32];
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Gate Open = new(new ApiKeys(), () => Key);
    private static readonly Caller Ada = new("acme", "user:ada", ["tools:http_get"]);
    private static readonly Gate Locked = new(
        new ApiKeys(new KeyHolder("the owner", ApiKeys.Hash("s3cret"), ApiKeys.Owner), new KeyHolder("ada", ApiKeys.Hash("adas key"), Ada)), () => Key);
    private static readonly Knock Local = new(ToolsCall, "localhost", null, null, null, IPAddress.Loopback, IPAddress.Loopback);

    [Fact]
    public void A_clients_key_makes_its_bearer_that_client()
    {
        Locked.Admit(Local with { Authorization = "Bearer adas key" }, Now).ShouldBe(Ada);
        Locked.Admit(Local with { Authorization = "Bearer s3cret" }, Now).ShouldBe(ApiKeys.Owner);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public void Without_a_key_a_program_of_this_machine_may_do_everything(string host)
    {
        var caller = Open.Admit(Local with { Host = host }, Now).ShouldNotBeNull();
        caller.Tenant.ShouldBe(Caller.DefaultTenant);
        caller.May("anything").ShouldBeTrue();
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("127.0.0.2")]
    [InlineData("10.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("")]
    public void Without_a_key_another_name_of_the_host_is_refused(string host) =>
        RefusalOf(Open, Local with { Host = host }).ShouldBe("HOST_REFUSED");

    [Theory]
    [InlineData("https://evil.example", "ORIGIN_REFUSED")]
    [InlineData("http://localhost.evil.example", "ORIGIN_REFUSED")]
    [InlineData("null", "ORIGIN_REFUSED")]
    [InlineData("file://", "ORIGIN_REFUSED")]
    [InlineData("http://localhost:5080", null)]
    [InlineData("http://[::1]:5080", null)]
    public void Without_a_key_pages_of_other_sites_are_refused(string origin, string? refusal) =>
        RefusalOf(Open, Local with { Origin = origin }).ShouldBe(refusal);

    [Fact]
    public void Without_a_key_other_machines_are_refused_whatever_they_say()
    {
        RefusalOf(Open, Local with { RemoteAddress = IPAddress.Parse("10.1.2.3") }).ShouldBe("NOT_LOCAL");
        RefusalOf(Open, Local with { LocalAddress = IPAddress.Parse("10.1.2.3") }).ShouldBe("NOT_LOCAL");
        RefusalOf(Open, Local with { Path = Paths.Health, RemoteAddress = IPAddress.Parse("10.1.2.3") }).ShouldBe("NOT_LOCAL");
    }

    [Theory]
    [InlineData(null, "API_KEY_MISSING")]
    [InlineData("Bearer wrong", "API_KEY_WRONG")]
    [InlineData("Bearer ", "API_KEY_WRONG")]
    [InlineData("s3cret", "API_KEY_WRONG")]
    [InlineData("Basic s3cret", "API_KEY_WRONG")]
    [InlineData("Bearer s3cre", "API_KEY_WRONG")]
    [InlineData("Bearer s3crett", "API_KEY_WRONG")]
    [InlineData("Bearer s3cret", null)]
    [InlineData("bearer s3cret", null)]
    public void With_a_key_a_call_must_carry_it(string? authorization, string? refusal) =>
        RefusalOf(Locked, Local with { Authorization = authorization }).ShouldBe(refusal);

    [Fact]
    public void With_a_key_other_machines_may_call_under_any_name() =>
        Locked.Admit(new(ToolsCall, "minion.acme.example", null, "Bearer s3cret", null, IPAddress.Parse("10.1.2.3"), IPAddress.Parse("10.0.0.1")), Now)
            .ShouldNotBeNull();

    [Theory]
    [InlineData("/health", true)]
    [InlineData("/alive", true)]
    [InlineData("/ready", true)]
    [InlineData("/grpc.health.v1.Health/Check", true)]
    [InlineData("/metrics", false)]
    [InlineData("/health/../metrics", false)]
    [InlineData("/healthy", false)]
    [InlineData("/", false)]
    [InlineData("/unknown", false)]
    public void With_a_key_only_health_is_exempt(string path, bool isExempt) =>
        RefusalOf(Locked, Local with { Path = path }).ShouldBe(isExempt ? null : "API_KEY_MISSING");

    [Fact]
    public void A_service_speaks_for_its_caller()
    {
        var caller = Locked.Admit(Local with { SignedCaller = Signed("tools") }, Now).ShouldNotBeNull();
        caller.Tenant.ShouldBe("acme");
        caller.Permissions.ShouldBe(["tools:time"]);
    }

    [Theory]
    [InlineData("/minion.orchestration.v1.RunService/StartRun")]
    [InlineData("/minion.toolsmith.v1.ToolService/CallTool")]
    [InlineData("/metrics")]
    [InlineData("/minion.tools")]
    public void A_signed_caller_is_good_for_the_service_that_it_was_made_for_only(string path) =>
        RefusalOf(Locked, Local with { Path = path, SignedCaller = Signed("tools") }).ShouldBe("SIGNED_CALLER_REFUSED");

    [Theory]
    [InlineData("!!!")]
    [InlineData("")]
    [InlineData("AAAA")]
    public void A_bad_signed_caller_is_refused_even_with_the_key(string header) =>
        RefusalOf(Locked, Local with { Authorization = "Bearer s3cret", SignedCaller = header }).ShouldBe("SIGNED_CALLER_REFUSED");

    [Fact]
    public void An_empty_audience_opens_nothing() =>
        RefusalOf(Locked, Local with { Path = "/metrics", SignedCaller = Signed("") }).ShouldBe("SIGNED_CALLER_REFUSED");

    private static string Signed(string audience) =>
        Convert.ToBase64String(SignedCaller.Sign(new Caller("acme", "agent:hello", ["tools:time"]), audience, Now, Key)).TrimEnd('=');

    private static string? RefusalOf(Gate gate, Knock knock)
    {
        try
        {
            gate.Admit(knock, Now);
            return null;
        }
        catch (Fault fault)
        {
            fault.Status.ShouldBeOneOf(StatusCode.Unauthenticated, StatusCode.PermissionDenied);
            fault.Hint.ShouldNotBeEmpty();
            return fault.Reason;
        }
    }
}
