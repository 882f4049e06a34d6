using System.Net;
using System.Net.Sockets;
using System.Text;
using Minion.Cli.Output;

namespace Minion.Cli.Tools;

/// <summary>
/// Waits at the loopback interface for the address that a page of consent leads back to (RFC 8252, section 7.3). Whether it is the answer to the page that was
/// shown, its state says, which the server looks at.
/// </summary>
internal sealed class ConsentListener : IDisposable
{
    private const string Path = "/consent";
    private const int LongestRequest = 16 * 1024;
    private const int MostAtOnce = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpListener _listener;

    private ConsentListener(TcpListener listener) => _listener = listener;

    /// <summary>Where the page is to lead.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{Path}");

    /// <param name="port">0 for any.</param>
    public static ConsentListener Start(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return new ConsentListener(listener);
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new CliFailure(ExitCodes.Failed, "port_in_use", $"Port {port} cannot be used: {exception.Message}", "Give another one with --port.");
        }
    }

    /// <summary>Where the page led; what else asks is told that there is nothing.</summary>
    public async Task<string> LedAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var room = new SemaphoreSlim(MostAtOnce);
        var led = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var serving = new List<Task>();
        try
        {
            while (!led.Task.IsCompleted)
            {
                await room.WaitAsync(cancellation);
                var accepting = _listener.AcceptTcpClientAsync(ended.Token).AsTask();
                if (await Task.WhenAny(accepting, led.Task) == accepting)
                {
                    serving.RemoveAll(task => task.IsCompleted);
                    serving.Add(ServeAsync(await accepting, led, room, ended.Token));
                }
            }

            return await led.Task;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(serving);
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(TcpClient client, TaskCompletionSource<string> led, SemaphoreSlim room, CancellationToken cancellation)
    {
        using (client)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(Patience);
            try
            {
                var stream = client.GetStream();
                var target = await TargetAsync(stream, late.Token);
                var isAnswer = target.StartsWith(Path + "?", StringComparison.Ordinal) && target.Contains("state=", StringComparison.Ordinal);
                var text = isAnswer ? "Minion has what it needs. You can close this page." : "There is nothing here.";
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 {(isAnswer ? "200 OK" : "404 Not Found")}\r\nContent-Type: text/plain\r\nReferrer-Policy: no-referrer\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n{text}"),
                    late.Token);
                if (isAnswer)
                {
                    led.TrySetResult(new Uri(Address, target).AbsoluteUri);
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or UriFormatException)
            {
                // A browser connects in advance, and goes away.
            }
            finally
            {
                room.Release();
            }
        }
    }

    /// <summary>The path and query of a request (RFC 9112, section 3); empty when it is none.</summary>
    private static async Task<string> TargetAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[LongestRequest];
        var length = 0;
        while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        var line = Encoding.ASCII.GetString(buffer, 0, length).Split("\r\n", 2)[0].Split(' ');
        return line is ["GET", var target, _] ? target : "";
    }
}
