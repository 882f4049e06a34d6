using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Tests.Callers;

public sealed class CallersOverTheWireTests
{
    private static readonly Dictionary<string, string?> WithKey = new() { ["Authentication:ApiKey"] = "a-key-of-the-tests" };
    private static readonly CallToolRequest Request = new() { Name = "x" };

    [Fact]
    public async Task A_call_with_the_key_is_made_by_the_owner()
    {
        await using var host = await Host.StartAsync(WithKey, (context, _) => Task.FromResult(Describe(context.GetCaller())));
        var response = await host.Tools.CallToolAsync(Request, new Metadata { { "authorization", "Bearer a-key-of-the-tests" } });
        response.Result.ShouldBe("default user:owner *");
    }

    [Fact]
    public async Task A_call_without_the_key_says_what_is_missing()
    {
        await using var host = await Host.StartAsync(WithKey);
        var refused = await Should.ThrowAsync<RpcException>(async () => await host.Tools.CallToolAsync(Request));
        refused.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        refused.Status.Detail.ShouldBe("The call carries no API key.");
        var details = FaultDetails.From(refused);
        details.Reason.ShouldBe("API_KEY_MISSING");
        details.Hint.ShouldContain("MINION_API_KEY");
    }

    [Fact]
    public async Task No_header_of_a_client_makes_it_another_tenant()
    {
        await using var host = await Host.StartAsync(WithKey, (context, _) => Task.FromResult(Describe(context.GetCaller())));
        var claims = new Metadata
        {
            { "authorization", "Bearer a-key-of-the-tests" },
            { "minion-tenant", "acme" },
            { "tenant", "acme" },
            { "x-tenant-id", "acme" },
            { "minion-caller", "acme" },
        };
        (await host.Tools.CallToolAsync(Request, claims)).Result.ShouldBe("default user:owner *");

        claims.Add("minion-caller-bin", "{\"tenant\":\"acme\"}"u8.ToArray());
        var refused = await Should.ThrowAsync<RpcException>(async () => await host.Tools.CallToolAsync(Request, claims));
        FaultDetails.From(refused).Reason.ShouldBe("SIGNED_CALLER_REFUSED");
    }

    [Fact]
    public async Task A_service_calls_in_the_name_of_its_caller()
    {
        await using var host = await Host.StartAsync(WithKey, (context, _) => Task.FromResult(Describe(context.GetCaller())));
        var signer = host.App.Services.GetRequiredService<CallerSigner>();
        var caller = new Caller("acme", "agent:hello", ["tools:time"]);
        (await host.Tools.CallToolAsync(Request, signer.Headers(caller, "tools"))).Result.ShouldBe("acme agent:hello tools:time");

        var misdirected = await Should.ThrowAsync<RpcException>(async () => await host.Tools.CallToolAsync(Request, signer.Headers(caller, "memory")));
        misdirected.StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Health_asks_for_no_key_and_tells_strangers_no_details()
    {
        await using var host = await Host.StartAsync(WithKey);
        (await host.Http.GetStringAsync("/health")).ShouldBe("{\"status\":\"healthy\"}");
        var health = await new Grpc.Health.V1.Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest());
        health.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
        (await host.Http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Http.GetAsync("/no-such-page")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Claiming_to_be_grpc_opens_no_http_endpoint()
    {
        await using var host = await Host.StartAsync(WithKey);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Content = new StringContent("") };
        request.Content.Headers.ContentType = new("application/grpc");
        var response = await host.Http.SendAsync(request);
        response.Headers.GetValues("grpc-status").ShouldBe(["16"]);
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "https://evil.example")]
    public async Task Without_a_key_a_web_page_reaches_neither_port(string header, string value)
    {
        await using var host = await Host.StartAsync();
        using var http = new HttpRequestMessage(HttpMethod.Get, "/health");
        http.Headers.TryAddWithoutValidation(header, value);
        (await host.Http.SendAsync(http)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var grpc = new HttpRequestMessage(HttpMethod.Post, $"{host.GrpcAddress}/minion.tools.v1.ToolService/CallTool")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        grpc.Content.Headers.ContentType = new("application/grpc");
        grpc.Headers.TryAddWithoutValidation(header, value);
        (await host.Http.SendAsync(grpc)).Headers.GetValues("grpc-status").ShouldBe(["7"]);
    }

    private static string Describe(Caller caller) => $"{caller.Tenant} {caller.Principal} {string.Join(",", caller.Permissions)}";
}
