using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using Minion.Testing.Time;
using Minion.Tools.Browser;

namespace Minion.Tools.Tests.Browser;

/// <summary>What a browser reaches that does not do as it is told: nothing.</summary>
[Collection(BrowserCollection.Name)]
public sealed class BrowserNetworkTests(BrowserFixture browser)
{
    private const string Fetch =
        """
        url => url.startsWith('ws')
          ? new Promise(done => { const socket = new WebSocket(url); socket.onopen = () => done('reached'); socket.onerror = () => done('held'); })
          : fetch(url, { mode: 'no-cors' }).then(() => 'reached', () => 'held')
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    // Whether it has found a way is never said where there is no network at all: a while of other requests goes by instead.
    private const string Gather =
        """
        async urls => {
          const peer = new RTCPeerConnection({ iceServers: urls.map(urls => ({ urls, username: 'u', credential: 'c' })) });
          const found = [];
          peer.createDataChannel('data');
          peer.onicecandidate = event => { if (event.candidate) found.push(event.candidate.candidate); };
          await peer.setLocalDescription(await peer.createOffer());
          for (let i = 0; i < 50; i++) await fetch('/next').then(answer => answer.text());
          return found;
        }
        """;

    [Fact]
    public async Task A_browser_that_leaves_its_proxy_out_reaches_nothing_at_all()
    {
        await using var program = await StartAsync();
        await using var context = await program.Browser.NewContextAsync(new() { Proxy = new() { Server = "http://127.1.0.1:3128", Bypass = "<-loopback>,*" } });
        var page = await context.NewPageAsync();
        var port = new Uri(browser.InsideRoot).Port;

        foreach (var url in new[] { browser.Root, browser.InsideRoot, $"http://localhost:{port}/", $"http://[::1]:{port}/", $"ws://127.0.0.1:{port}/", "http://host.example/" })
        {
            (await page.EvaluateAsync<string>(Fetch, url).WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe("held", url);
        }

        BrowserFixture.Reached.ShouldBe(0);
    }

    [Fact]
    public async Task Calls_between_browsers_find_no_way_past_the_proxy_either()
    {
        await StartAsync(skipOnly: true);
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var stun = ((IPEndPoint)udp.Client.LocalEndPoint!).Port;
        var inside = new Uri(browser.InsideRoot).Port;
        using var hold = await browser.Browsers.HoldAsync(new BrowserKey("t", "calls"), open: true, TestContext.Current.CancellationToken);
        var page = await hold!.Session.PageAsync();
        await page.GotoAsync(browser.Root);

        string[] servers = [$"stun:127.0.0.1:{stun}", $"turn:127.0.0.1:{stun}?transport=udp", $"turn:127.0.0.1:{inside}?transport=tcp"];
        var found = await page.EvaluateAsync<string[]>(Gather, servers).WaitAsync(Patience, TestContext.Current.CancellationToken);

        found.ShouldBeEmpty();
        udp.Available.ShouldBe(0);
        BrowserFixture.Reached.ShouldBe(0);
        (await page.EvaluateAsync<bool>("() => navigator.onLine")).ShouldBeTrue();
    }

    private async Task<BrowserProgram> StartAsync(bool skipOnly = false)
    {
        Assert.SkipWhen(browser.Unavailable.Length > 0, browser.Unavailable);
        Assert.SkipUnless(await BrowserFixture.IsConfinedAsync(), "bubblewrap is not installed, or does not work here: the browser has no network of its own.");
        return skipOnly ? null! : await BrowserProgram.StartAsync(new BrowserOptions(), new ManualTime(), TestContext.Current.CancellationToken);
    }
}
