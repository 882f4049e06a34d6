using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Minion.Bench.Echo.V1;

namespace Minion.Bench.Echo;

/// <summary>The calls of both sorts: gRPC, and a bare POST of the bytes that gRPC sends.</summary>
internal sealed class EchoCalls : IDisposable
{
    /// <summary>The payload of a message.</summary>
    public const int PayloadBytes = 200;

    private const int FrameHeader = 5;

    private readonly Uri _address;
    private readonly GrpcChannel _channel;
    private readonly HttpMessageInvoker _bare = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, AllowAutoRedirect = false, UseCookies = false });
    private readonly V1.EchoService.EchoServiceClient _client;
    private readonly byte[] _frame;

    /// <param name="address">Where the service is.</param>
    /// <param name="way">How it is reached; null for a socket.</param>
    public EchoCalls(Uri address, HttpMessageHandler? way = null)
    {
        _address = address;
        _channel = way is null ? GrpcChannel.ForAddress(address) : GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = way });
        _client = new V1.EchoService.EchoServiceClient(_channel);
        var message = Message.ToByteArray();
        _frame = new byte[FrameHeader + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(_frame.AsSpan(1), message.Length);
        message.CopyTo(_frame, FrameHeader);
    }

    public static Parcel Message { get; } = new() { Payload = ByteString.CopyFrom([.. Enumerable.Range(0, PayloadBytes).Select(i => (byte)i)]) };

    public async Task<long> UnaryAsync()
    {
        await _client.UnaryAsync(Message);
        return 1;
    }

    public async Task<long> BareUnaryAsync()
    {
        using var response = await SendAsync(BareEndpoints.Unary, 1);
        var body = await response.Content.ReadAsByteArrayAsync();
        return body.Length == _frame.Length ? 1 : throw new InvalidOperationException($"{body.Length} bytes came back, not {_frame.Length}.");
    }

    /// <summary>Returns how many messages came.</summary>
    public async Task<long> StreamAsync(int messages)
    {
        using var call = _client.Stream(new Parcel { Payload = Message.Payload, Count = messages });
        var came = 0L;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            came++;
        }

        return came;
    }

    /// <summary>Returns how many messages' bytes came.</summary>
    public async Task<long> BareStreamAsync(int messages)
    {
        using var response = await SendAsync(BareEndpoints.Stream, messages);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        var bytes = 0L;
        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            bytes += read;
        }

        return bytes / _frame.Length;
    }

    public void Dispose()
    {
        _channel.Dispose();
        _bare.Dispose();
    }

    private Task<HttpResponseMessage> SendAsync(string path, int count)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(_frame),
            Headers = { { BareEndpoints.CountHeader, count.ToString(CultureInfo.InvariantCulture) } },
        };
        return _bare.SendAsync(request, CancellationToken.None);
    }
}
