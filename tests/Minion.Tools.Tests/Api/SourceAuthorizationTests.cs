using System.Web;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Minion.Tools.Tests.Mcp;

namespace Minion.Tools.Tests.Api;

/// <summary>A person consents once, for all processes; what that brings is kept so that only this source can use it.</summary>
public sealed class SourceAuthorizationTests(RegistryHost host) : IClassFixture<RegistryHost>
{
    private const string Redirect = "http://127.0.0.1:33418/consent";

    [Fact]
    public async Task A_source_is_authorized_by_a_person_for_all_processes_and_its_tokens_are_kept_encrypted()
    {
        await using var server = await OAuthTests.McpServer.StartAsync(authorizationServer: null);
        var admin = host.AdministratorOf("default");
        await SetAsync("peer", server.Url, admin);
        var before = await host.Tools.CallToolAsync(new CallToolRequest { Name = "peer_read" }, admin);

        var (page, source) = await AuthorizeAsync("peer", page => $"{page["redirect_uri"]}?code=c0de&state={page["state"]}", admin);

        before.Failure.ShouldNotBeNull();
        source.Name.ShouldBe("peer");
        page["code_challenge_method"].ShouldBe("S256");
        page["redirect_uri"].ShouldBe(Redirect);
        server.Bodies.ShouldHaveSingleItem().ShouldContain("code_verifier=");
        await Eventually.HoldsAsync(async () => (await host.Tools.CallToolAsync(new CallToolRequest { Name = "peer_read" }, admin)).Result.Contains("fine", StringComparison.Ordinal));
        await Eventually.HoldsAsync(async () => (await host.OtherTools.CallToolAsync(new CallToolRequest { Name = "peer_read" }, admin)).Result.Contains("fine", StringComparison.Ordinal));
        server.Bodies.Count.ShouldBe(1);
        var kept = await KeptAsync();
        kept.ShouldNotBeEmpty();
        kept.ShouldNotContain("access-0815");
        kept.ShouldNotContain("refresh-2342");

        await host.Registry.RemoveSourceAsync(new RemoveSourceRequest { Name = "peer" }, admin);
        (await KeptAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_code_alone_is_enough()
    {
        await using var server = await OAuthTests.McpServer.StartAsync(authorizationServer: null);
        var admin = host.AdministratorOf("coded");
        await SetAsync("peer", server.Url, admin);

        (await AuthorizeAsync("peer", _ => "c0de", admin)).Source.Name.ShouldBe("peer");

        server.Bodies.ShouldHaveSingleItem().ShouldContain("code=c0de");
    }

    [Theory]
    [InlineData("http://127.0.0.1:33418/consent?code=c0de&state=other", "state")]
    [InlineData("http://127.0.0.1:33418/consent?error=access_denied&error_description=Not+today", "access_denied Not today")]
    [InlineData("", "not authorized")]
    public async Task What_is_no_consent_authorizes_nothing(string led, string expected)
    {
        await using var server = await OAuthTests.McpServer.StartAsync(authorizationServer: null);
        var admin = host.AdministratorOf("refused");
        await SetAsync("peer", server.Url, admin);

        var fault = await Should.ThrowAsync<RpcException>(() => AuthorizeAsync("peer", _ => led, admin));

        fault.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        fault.Status.Detail.ShouldContain(expected, Case.Insensitive);
        server.Bodies.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_authorization_server_elsewhere_has_to_be_named_before_a_person_is_asked()
    {
        await using var elsewhere = await OAuthTests.AuthorizationServer.StartAsync();
        await using var server = await OAuthTests.McpServer.StartAsync(elsewhere.Url);
        var admin = host.AdministratorOf("elsewhere");
        await SetAsync("peer", server.Url, admin);

        var fault = await Should.ThrowAsync<RpcException>(() => AuthorizeAsync("peer", _ => throw new InvalidOperationException("A person was asked."), admin));

        fault.Status.Detail.ShouldContain("authorization_server");
    }

    [Fact]
    public async Task Only_administrators_authorize_and_only_what_is_theirs()
    {
        var plain = host.As(new Caller("default", "user:eve", []));
        await host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "plain", Kind = "fake" } }, host.AdministratorOf("default"));

        (await Should.ThrowAsync<RpcException>(() => AuthorizeAsync("plain", _ => "", plain))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(() => AuthorizeAsync("plain", _ => "", host.AdministratorOf("others")))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(() => AuthorizeAsync("plain", _ => "", host.AdministratorOf("default")))).Status.Detail.ShouldContain("not authorized by a person");
        (await Should.ThrowAsync<RpcException>(() => AuthorizeAsync("plain", _ => "", host.AdministratorOf("default"), "https://example.com/"))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private async Task SetAsync(string name, string url, Metadata admin) => await host.Registry.SetSourceAsync(
        new SetSourceRequest { Source = new ToolSource { Name = name, Kind = "mcp", Settings = McpTesting.Json(new { url, protocol = "2025-11-25", trust_annotations = true, oauth = new { client_id = "minion" } }) } }, admin);

    private async Task<(System.Collections.Specialized.NameValueCollection Page, ToolSource Source)> AuthorizeAsync(
        string name, Func<System.Collections.Specialized.NameValueCollection, string> consent, Metadata admin, string redirect = Redirect)
    {
        using var limit = McpTesting.Limit();
        using var call = host.Registry.AuthorizeSource(admin, cancellationToken: limit.Token);
        await SendAsync(call, new AuthorizeSourceRequest { Start = new AuthorizeSourceRequest.Types.Start { Name = name, RedirectUri = redirect } });
        (await call.ResponseStream.MoveNext(limit.Token)).ShouldBeTrue();
        var page = HttpUtility.ParseQueryString(new Uri(call.ResponseStream.Current.Page).Query);
        await SendAsync(call, new AuthorizeSourceRequest { Redirected = consent(page) });
        (await call.ResponseStream.MoveNext(limit.Token)).ShouldBeTrue();
        return (page, call.ResponseStream.Current.Source);
    }

    private static async Task SendAsync(AsyncDuplexStreamingCall<AuthorizeSourceRequest, AuthorizeSourceResponse> call, AuthorizeSourceRequest request)
    {
        try
        {
            await call.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call has ended; its end says why.
        }
    }

    private async Task<string> KeptAsync()
    {
        await using var command = host.Database.DataSource(DatabaseRoles.Migrator).CreateCommand("SELECT coalesce(string_agg(encode(locked, 'escape'), ' '), '') FROM tools.source_tokens WHERE tenant = 'default'");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
