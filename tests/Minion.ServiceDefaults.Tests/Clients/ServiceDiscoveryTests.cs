using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Minion.ServiceDefaults.Tests.Clients;

/// <summary>How clients find services.</summary>
public sealed class ServiceDiscoveryTests
{
    [Theory]
    [InlineData("http://_grpc.tools/minion.tools.v1.ToolService/ListTools", "http://localhost:5081/minion.tools.v1.ToolService/ListTools")]
    [InlineData("http://tools/health", "http://localhost:5080/health")]
    [InlineData("http://127.0.0.1:6000/health", "http://127.0.0.1:6000/health")]
    [InlineData("http://elsewhere/a?b=c", "http://elsewhere/a?b=c")]
    public async Task A_name_leads_to_the_configured_endpoint_and_everything_else_is_left_as_it_is(string asked, string sentTo)
    {
        using var wire = new Wire();
        await using var services = Services(wire, ("services:tools:grpc:0", "http://localhost:5081"), ("services:tools:http:0", "http://localhost:5080"));
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("probe");

        await client.GetAsync(new Uri(asked));

        wire.Sent.ShouldBe([sentTo]);
    }

    [Fact]
    public async Task Several_endpoints_take_turns()
    {
        using var wire = new Wire();
        await using var services = Services(wire, ("services:tools:grpc:0", "http://localhost:1001"), ("services:tools:grpc:1", "http://localhost:1002"));
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("probe");

        for (var i = 0; i < 4; i++)
        {
            await client.GetAsync(new Uri("http://_grpc.tools/"));
        }

        wire.Sent.Count(url => url == "http://localhost:1001/").ShouldBe(2);
        wire.Sent.Count(url => url == "http://localhost:1002/").ShouldBe(2);
    }

    private static ServiceProvider Services(Wire wire, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        services.AddServiceDiscovery();
        services.AddHttpClient("probe").ConfigurePrimaryHttpMessageHandler(() => wire).AddServiceDiscovery();
        return services.BuildServiceProvider();
    }

    private sealed class Wire : HttpMessageHandler
    {
        public List<string> Sent { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent.Add(request.RequestUri!.ToString());
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}
