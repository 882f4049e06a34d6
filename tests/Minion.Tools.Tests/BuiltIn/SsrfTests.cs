using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Addresses;
using Minion.Tools.BuiltIn;
using Minion.Tools.BuiltIn.Http;
using Minion.Tools.Network;

namespace Minion.Tools.Tests.BuiltIn;

/// <summary>Public list of URLs that lead inside. Nothing is resolved and nothing is connected to.</summary>
public sealed class SsrfTests
{
    /// <summary>What a resolver would answer for the names in the list that lead inside.</summary>
    private static readonly Dictionary<string, string> Inside = new(StringComparer.OrdinalIgnoreCase)
    {
        ["localhost"] = "127.0.0.1",
        ["ip6-localhost"] = "::1",
        ["ip6-loopback"] = "::1",
        ["instance-data"] = "169.254.169.254",
        ["metadata"] = "169.254.169.254",
        ["metadata.google.internal"] = "169.254.169.254",
        ["169.254.169.254.nip.io"] = "169.254.169.254",
    };

    /// <summary>Entries whose host is somebody's public server, bad only through the redirect that it answers with.</summary>
    private static readonly string[] PublicHosts = ["307.r3dir.me", "62epax5fhvj3zzmzigyoe5ipkbn7fysllvges3a.302.r3dir.me", "example.com"];

    [Theory]
    [InlineData("http_get")]
    [InlineData("http_fetch")]
    public async Task Every_listed_url_is_refused_before_a_connection_is_made(string name)
    {
        var connected = new ConcurrentBag<IPAddress>();
        using var client = new SafeHttpClient(new AddressGuard(new NetworkOptions(), FakeNetwork(connected)));
        ITool tool = name == "http_get" ? new HttpGetTool(client) : new HttpFetchTool(client, Options.Create(new HttpFetchOptions()));
        var urls = File.ReadLines(SharedData.PathOf("bad-inputs/ssrf_urls.jsonl"))
            .Select(line => JsonElement.Parse(line).GetProperty("payload").GetString()!).ToList();

        foreach (var url in urls)
        {
            var failure = (await tool.InvokeAsync(JsonSerializer.Serialize(new { url }))).Failure();
            failure.Message.ShouldNotContain("IOException");
        }

        urls.Count.ShouldBeGreaterThan(100);
        connected.ShouldAllBe(address => AddressRules.IsPublic(address));
        connected.Distinct().Count().ShouldBe(1);
    }

    private static NetworkCalls FakeNetwork(ConcurrentBag<IPAddress> connected) => new(
        (host, _) => Task.FromResult<IPAddress[]>(
            Inside.TryGetValue(host, out var address) ? [IPAddress.Parse(address)]
            : PublicHosts.Contains(host) ? [IPAddress.Parse("1.1.1.1")]
            : []),
        (addresses, _, _) =>
        {
            Array.ForEach(addresses, connected.Add);
            throw new IOException("nothing is connected to");
        });
}
