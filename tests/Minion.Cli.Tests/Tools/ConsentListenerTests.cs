using System.Net;
using System.Net.Sockets;
using Minion.Cli.Tools;

namespace Minion.Cli.Tests.Tools;

public sealed class ConsentListenerTests
{
    [Fact]
    public async Task Where_the_page_led_is_heard_and_nothing_else()
    {
        using var listener = ConsentListener.Start(0);
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        var led = listener.LedAsync(limit.Token);
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, listener.Address.Port, limit.Token);

        (await client.GetAsync(new Uri(listener.Address, "/favicon.ico"), limit.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync(listener.Address, limit.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsync(new Uri(listener.Address, "/consent?code=x&state=y"), content: null, limit.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        led.IsCompleted.ShouldBeFalse();
        (await client.GetStringAsync(new Uri(listener.Address, "/consent?code=a%20b&state=y"), limit.Token)).ShouldContain("close this page");

        (await led).ShouldBe($"{listener.Address}?code=a%20b&state=y");
    }

    [Fact]
    public async Task The_wait_ends_with_its_cancellation()
    {
        using var listener = ConsentListener.Start(0);
        using var stop = new CancellationTokenSource();
        var led = listener.LedAsync(stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(led);
    }
}
