using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Minion.Bench.Upstream;

/// <summary>Chat completions of one and the same question, over bare <see cref="HttpClient"/>, to the endpoint or to the edge before it.</summary>
internal sealed class ChatLoad : IDisposable
{
    private static readonly byte[] Question =
        """{"model":"default","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"What does the quick brown fox do, and does the dog mind?"}]}"""u8.ToArray();

    private static readonly byte[] StreamedQuestion = """{"model":"default","stream":true,"messages":[{"role":"user","content":"Go on."}]}"""u8.ToArray();

    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 4_096, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(100) };
    private readonly Uri _address;

    public ChatLoad(string url) => _address = new Uri(url + "/chat/completions");

    /// <summary>So many clients, each with one call after the other: the calls' milliseconds, and how many there were in a second.</summary>
    public async Task<Latencies> ClosedAsync(int clients, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            while (clock.Elapsed < duration)
            {
                own.Add(await CallAsync());
            }

            return own;
        })));
        return new Latencies([.. all.SelectMany(l => l)], clock.Elapsed);
    }

    /// <summary>So many calls begun in each second, whether or not those before have ended.</summary>
    public async Task<Latencies> OpenAsync(int perSecond, TimeSpan duration)
    {
        var milliseconds = new ConcurrentBag<double>();
        var calls = new List<Task>();
        var clock = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (clock.Elapsed < duration)
        {
            var due = (int)(clock.Elapsed.TotalSeconds * perSecond);
            while (calls.Count < due)
            {
                calls.Add(Task.Run(async () => milliseconds.Add(await CallAsync())));
            }

            await ticks.WaitForNextTickAsync();
        }

        await Task.WhenAll(calls);
        return new Latencies([.. milliseconds], clock.Elapsed);
    }

    /// <summary>A stream whose first event is there; it goes on until it is disposed.</summary>
    public async Task<IDisposable> OpenStreamAsync()
    {
        var response = await _client.SendAsync(Request(StreamedQuestion), HttpCompletionOption.ResponseHeadersRead);
        Check(response);
        var stream = await response.Content.ReadAsStreamAsync();
        _ = await stream.ReadAsync(new byte[256]);
        return response;
    }

    public void Dispose() => _client.Dispose();

    private async Task<double> CallAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await _client.SendAsync(Request(Question));
        Check(response);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private HttpRequestMessage Request(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
    }

    private static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"A call was answered with status {(int)response.StatusCode}.");
        }
    }
}

/// <summary>How long calls took.</summary>
internal sealed class Latencies
{
    private readonly double[] _sorted;

    public Latencies(double[] milliseconds, TimeSpan duration)
    {
        _sorted = [.. milliseconds.Order()];
        PerSecond = _sorted.Length / duration.TotalSeconds;
    }

    public double PerSecond { get; }

    /// <summary>In milliseconds.</summary>
    public double Percentile(int percent) => _sorted[Math.Min(_sorted.Length - 1, _sorted.Length * percent / 100)];
}
